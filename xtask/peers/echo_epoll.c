/* The echo server of listing 3.8 in C: one thread, epoll, non-blocking sockets.
 *
 *     gcc -O2 echo_epoll.c -o echo_epoll && ./echo_epoll 127.0.0.1:8000
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 1024, SIZE = 1024, BACKLOG = 4096 };

struct client {
    int fd;
    int from, to; /* what of the buffer is still to be sent */
    char buffer[SIZE];
};

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void watch(int epoll, struct client *client, unsigned events, int op) {
    struct epoll_event event = {.events = events, .data.ptr = client};
    if (epoll_ctl(epoll, op, client->fd, &event) < 0) fail("epoll_ctl");
}

/* Sends what is left. Returns 1 when all is sent, 0 when the socket is full, -1 when it is gone. */
static int flush_client(struct client *client) {
    while (client->from < client->to) {
        ssize_t n = write(client->fd, client->buffer + client->from, client->to - client->from);
        if (n < 0) return errno == EAGAIN ? 0 : -1;
        client->from += n;
    }
    return 1;
}

static void close_client(struct client *client) {
    close(client->fd);
    free(client);
}

static void serve(int epoll, struct client *client, unsigned events) {
    if (events & EPOLLOUT) { /* it was full: read on only when it is empty again */
        int sent = flush_client(client);
        if (sent < 0) return close_client(client);
        if (sent == 1) watch(epoll, client, EPOLLIN, EPOLL_CTL_MOD);
        return;
    }
    ssize_t n = read(client->fd, client->buffer, SIZE);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) return close_client(client);
    client->from = 0;
    client->to = n;
    int sent = flush_client(client);
    if (sent < 0) return close_client(client);
    if (sent == 0) watch(epoll, client, EPOLLOUT, EPOLL_CTL_MOD);
}

int main(int argc, char **argv) {
    char *colon = argc == 2 ? strrchr(argv[1], ':') : NULL;
    if (!colon) {
        fprintf(stderr, "usage: %s ADDRESS:PORT\n", argv[0]);
        return 2;
    }
    *colon = 0;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(colon + 1))};
    socklen_t length = sizeof address;
    if (inet_pton(AF_INET, argv[1], &address.sin_addr) != 1) fail(argv[1]);

    signal(SIGPIPE, SIG_IGN);
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, length) < 0) fail("bind");
    if (listen(listener, BACKLOG) < 0) fail("listen");
    getsockname(listener, (struct sockaddr *)&address, &length);
    printf("Listening on %s:%d\n", argv[1], ntohs(address.sin_port));
    fflush(stdout);

    int epoll = epoll_create1(0);
    struct client server = {.fd = listener};
    watch(epoll, &server, EPOLLIN, EPOLL_CTL_ADD);

    static struct epoll_event events[EVENTS];
    for (;;) {
        int count = epoll_wait(epoll, events, EVENTS, -1);
        if (count < 0 && errno != EINTR) fail("epoll_wait");
        for (int i = 0; i < count; i++) {
            struct client *client = events[i].data.ptr;
            if (client != &server) {
                serve(epoll, client, events[i].events);
                continue;
            }
            int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
            if (fd < 0) continue;
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            struct client *accepted = calloc(1, sizeof *accepted);
            if (!accepted) fail("calloc");
            accepted->fd = fd;
            watch(epoll, accepted, EPOLLIN, EPOLL_CTL_ADD);
        }
    }
}
