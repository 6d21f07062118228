//! Tests the chapter's library on the real tokio; `models.rs` tests it under shuttle.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod bounded_semaphore {
    use ch11_sync::BoundedSemaphore;
    use std::time::Duration;

    use tokio::time::timeout;

    #[tokio::test(start_paused = true)]
    async fn it_has_its_permits_and_no_more() {
        let semaphore = BoundedSemaphore::new(2);
        semaphore.acquire().await;
        semaphore.acquire().await;
        let third = timeout(Duration::from_secs(60), semaphore.acquire()).await;
        assert!(third.is_err());
        semaphore.release().unwrap();
        semaphore.acquire().await;
        semaphore.release().unwrap();
        semaphore.release().unwrap();
        assert!(semaphore.release().is_err());
        assert_eq!(semaphore.available_permits(), 2);
    }
}

mod event {
    use ch11_sync::Event;
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::task::yield_now;
    use tokio::time::timeout;

    const MINUTE: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn waiting_for_what_is_set_takes_no_time() {
        let event = Event::new();
        assert!(!event.is_set());
        event.set();
        timeout(MINUTE, event.wait()).await.unwrap();
        timeout(MINUTE, event.wait()).await.unwrap();
        assert!(event.is_set());
    }

    #[tokio::test(start_paused = true)]
    async fn all_who_wait_are_woken_even_if_it_is_cleared_at_once() {
        let event = Arc::new(Event::new());
        let waiting: Vec<_> = (0..3)
            .map(|_| {
                let event = Arc::clone(&event);
                tokio::spawn(async move { event.wait().await })
            })
            .collect();
        yield_now().await;
        event.set();
        event.clear();
        for task in waiting {
            timeout(MINUTE, task).await.unwrap().unwrap();
        }
        assert!(!event.is_set());
    }

    #[tokio::test(start_paused = true)]
    async fn after_clear_one_waits_again() {
        let event = Event::new();
        event.set();
        event.clear();
        assert!(timeout(MINUTE, event.wait()).await.is_err());
    }
}

mod condition {
    use ch11_sync::Condition;
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::time::{sleep, timeout};

    #[tokio::test(start_paused = true)]
    async fn all_who_wait_are_woken_and_have_the_lock_in_turn() {
        let condition = Arc::new(Condition::new(0));
        let workers: Vec<_> = (0..3)
            .map(|_| {
                let condition = Arc::clone(&condition);
                tokio::spawn(async move {
                    let mut count = condition.lock().await.wait().await;
                    let before = *count;
                    sleep(Duration::from_secs(1)).await;
                    *count = before + 1;
                })
            })
            .collect();
        sleep(Duration::from_secs(1)).await;
        condition.lock().await.notify_all();
        for worker in workers {
            worker.await.unwrap();
        }
        assert_eq!(*condition.lock().await, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_is_woken_by_a_notification_from_before() {
        let condition = Condition::new(());
        condition.lock().await.notify_all();
        let guard = condition.lock().await;
        assert!(
            timeout(Duration::from_secs(60), guard.wait())
                .await
                .is_err()
        );
        // The task that gave up holds nothing.
        let _guard = condition.lock().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_predicate_is_asked_after_each_change() {
        let condition = Arc::new(Condition::new(0));
        let changes = Arc::clone(&condition);
        tokio::spawn(async move {
            for _ in 0..5 {
                sleep(Duration::from_secs(1)).await;
                let mut state = changes.lock().await;
                *state += 1;
                state.notify_all();
            }
        });
        let mut asked = Vec::new();
        let guard = condition.lock().await;
        let guard = guard
            .wait_for(|state| {
                asked.push(*state);
                *state == 3
            })
            .await;
        assert_eq!(*guard, 3);
        assert_eq!(asked, [0, 1, 2, 3]);
    }
}

mod file_upload {
    use std::net::SocketAddr;

    use ch11_sync::file_upload::FileUpload;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::time::timeout;
    use util_testing::TIMEOUT;

    /// A client and the connection on which its upload comes.
    async fn connected() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)));
        let listener = listener.await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap());
        let (client, accepted) = tokio::join!(client, listener.accept());
        (client.unwrap(), accepted.unwrap().0)
    }

    #[tokio::test]
    async fn all_who_wait_get_the_contents_and_nobody_is_too_late() {
        let (mut client, connection) = connected().await;
        let upload = FileUpload::listen_for_uploads(connection);
        let file = b"four".repeat(1 << 20);
        let send = async {
            for part in file.chunks(3 << 20) {
                client.write_all(part).await.unwrap();
            }
            client.shutdown().await.unwrap();
        };
        let (first, second, ()) = tokio::join!(upload.get_contents(), upload.get_contents(), send);
        for contents in [first, second, upload.get_contents().await] {
            assert!(contents.unwrap() == file, "it is another file");
        }
    }

    #[tokio::test]
    async fn a_connection_that_breaks_is_an_error_for_all_who_wait() {
        let (mut client, connection) = connected().await;
        let upload = FileUpload::listen_for_uploads(connection);
        client.write_all(b"half a fi").await.unwrap();
        util_testing::reset(client.into_std().unwrap());
        for _ in 0..2 {
            let contents = timeout(TIMEOUT, upload.get_contents()).await;
            assert!(contents.unwrap().is_err());
        }
    }

    #[tokio::test]
    async fn dropping_it_ends_the_upload() {
        let (mut client, connection) = connected().await;
        drop(FileUpload::listen_for_uploads(connection));
        // The client still sends, and is told that no one listens.
        let mut buffer = [0];
        let told = timeout(TIMEOUT, client.read(&mut buffer)).await;
        assert!(matches!(told, Ok(Ok(0) | Err(_))), "{told:?}");
    }
}
