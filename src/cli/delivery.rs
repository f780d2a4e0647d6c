//! Who carries replies that are sent later: the accounts of the settings.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::clock;
use crate::channel::twilio::Contents;
use crate::config::Settings;
use crate::conversation::Conversation;
use crate::dealer::Dealer;
use crate::delivery::{AccountError, Carrier, Delivery, Meta, MetaAccount, Twilio, TwilioAccount};
use crate::message::Channel;
use crate::store::Store;

/// Where Twilio tells what became of a message, behind the public address.
pub(super) const TWILIO_STATUS_PATH: &str = "/webhook/whatsapp/status";

/// What sends the replies in `store`, with the accounts that are set.
pub(super) fn delivery(
    settings: &Settings,
    bot: &Conversation<Dealer>,
    store: Arc<dyn Store>,
) -> Result<Delivery, AccountError> {
    let mut carriers: HashMap<Channel, Arc<dyn Carrier>> = HashMap::new();
    if let Some(account) = meta(settings, bot) {
        carriers.insert(Channel::Meta, Arc::new(Meta::new(account)?));
    }
    if let Some(account) = twilio(settings) {
        carriers.insert(Channel::Twilio, Arc::new(Twilio::new(account)?));
    }
    Ok(Delivery::new(store, carriers, clock::now))
}

fn meta(settings: &Settings, bot: &Conversation<Dealer>) -> Option<MetaAccount> {
    let meta = &settings.meta;
    let engine = bot.engine();
    let label = engine.flows().bot.list_label.as_ref();
    Some(MetaAccount {
        base_url: meta.api_url.clone(),
        phone_number_id: meta.phone_number_id.clone()?,
        access_token: meta.access_token.clone()?,
        list_label: label.map(|key| engine.say(key, clock::now())).unwrap_or_default(),
        a_second: meta.messages_per_second,
        pair: Duration::from_secs(meta.pair_seconds.into()),
    })
}

fn twilio(settings: &Settings) -> Option<TwilioAccount> {
    let twilio = &settings.twilio;
    let base = settings.public_base_url.as_ref();
    Some(TwilioAccount {
        base_url: twilio.api_url.clone(),
        sid: twilio.account_sid.clone()?,
        auth_token: twilio.auth_tokens.first()?.clone(),
        from: twilio.whatsapp_from.clone(),
        status_url: base.map(|base| format!("{base}{TWILIO_STATUS_PATH}")),
        contents: Contents {
            buttons: twilio.button_sids.clone(),
            lists: twilio.list_sids.clone(),
            template: twilio.template_sid.clone(),
        },
        a_second: twilio.messages_per_second,
    })
}
