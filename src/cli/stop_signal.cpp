#include "stop_signal.hpp"

#include <csignal>
#include <initializer_list>

namespace quietus::cli {
namespace {

// All that a signal handler may touch.
volatile std::sig_atomic_t stop = 0;
volatile std::sig_atomic_t line = 0;

void handle(int signal) {
    if (signal == SIGUSR1)
        line = 1;
    else
        stop = stop == 0 ? 1 : 2;
}

void set(int signal, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    ::sigaction(signal, &action, nullptr);
}

} // namespace

StopSignals::StopSignals() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1})
        set(signal, handle);
    set(SIGPIPE, SIG_IGN); // whoever watched may leave: the erase goes on to its document
}

StopSignals::~StopSignals() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGPIPE})
        set(signal, SIG_DFL);
}

bool StopSignals::stop_requested() {
    return stop != 0;
}

bool StopSignals::leave_requested() {
    return stop > 1;
}

bool StopSignals::take_line_request() {
    if (line == 0) return false;
    line = 0;
    return true;
}

} // namespace quietus::cli
