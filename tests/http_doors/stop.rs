//! Stopping.

use crate::server::Server;

#[tokio::test]
async fn a_request_under_way_is_answered_before_the_server_ends() {
    let mut server = Server::start(&[]).await;
    let stop = server.stop.take().unwrap();
    let slow = server.post_json("/chat", &[], r#"{"user_id": "u1", "message": "slow"}"#);
    let stopping = async {
        while server.heard().is_empty() {
            tokio::task::yield_now().await;
        }
        stop.send(()).unwrap();
    };
    let (answer, ()) = tokio::join!(slow, stopping);
    assert_eq!(answer.status, 200);
    server.ended.await.unwrap();
}
