//! Listing 2.2: A coroutine compared with a normal function.
//!
//! The function returns its result. The coroutine returns a future, a small value that can compute
//! the result later. This future is never awaited. Python warns when the program ends; rustc warns
//! at compile time, but only if you ignore the value, and this program keeps it. Its type has no
//! name that you can write; it is printed as a `{{closure}}` inside the function.
//!
//! In Python: `type`. Here: `type_name_of_val`.

use std::any::type_name_of_val;

async fn coroutine_add_one(number: i32) -> i32 {
    number + 1
}

fn add_one(number: i32) -> i32 {
    number + 1
}

fn main() {
    let function_result = add_one(1);
    let coroutine_result = &coroutine_add_one(1);

    let its_type = type_name_of_val(&function_result);
    println!("Function result is {function_result} and the type is {its_type}");
    let its_type = type_name_of_val(coroutine_result);
    println!("Coroutine result is a future at {coroutine_result:p} and the type is {its_type}");
}
