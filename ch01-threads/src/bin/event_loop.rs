//! Example: A basic event loop.
//!
//! A queue of messages, and a loop that handles them one at a time. A handler may put new
//! messages into the queue; the loop ends when the queue stays empty. The book's loop takes the
//! youngest message first (`pop`) and spins while there is none; this one is a fair queue.
//!
//! In Python: `collections.deque`. Here: `VecDeque`.

use std::collections::VecDeque;

enum Message {
    Print(&'static str),
    CountDown(u32),
}

fn process_message(message: Message, messages: &mut VecDeque<Message>) {
    match message {
        Message::Print(text) => println!("{text}"),
        Message::CountDown(0) => println!("Lift-off!"),
        Message::CountDown(n) => {
            println!("{n}...");
            // Instead of counting on in a loop of its own, the handler lets others run first.
            messages.push_back(Message::CountDown(n - 1));
        }
    }
}

fn main() {
    let mut messages = VecDeque::from([
        Message::CountDown(3),
        Message::Print("Closing the doors."),
        Message::Print("Clearing the tower."),
    ]);

    while let Some(message) = messages.pop_front() {
        process_message(message, &mut messages);
    }
}
