//! Example: A basic event loop.
//!
//! An event loop takes messages from a queue and handles them one at a time. A handler may add new
//! messages. The book's loop never ends and takes the newest message first (`pop`). This one takes
//! the oldest first, so that each gets its turn, and ends when the queue is empty.
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
            // A loop here would keep the other messages waiting.
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
