// ThreadBlockPort: BlockPort by threads with pread(2) and pwrite(2), where there is no io_uring.
#pragma once

#include "file_block_port.hpp"
#include "opened_block.hpp"
#include "slot_memory.hpp"

#include <sys/types.h>

#include <memory>

namespace quietus {

/// The system calls that the threads make, for tests that make them end early.
struct FileCalls {
    ssize_t (*read)(int file, void* into, std::size_t length, off_t offset);
    ssize_t (*write)(int file, const void* from, std::size_t length, off_t offset);
    int (*sync)(int file);
};
[[nodiscard]] FileCalls system_file_calls();

class ThreadBlockPort final : public FileBlockPort {
  public:
    /// Takes what was opened. Fault::io when there is no memory or no thread to be had.
    static Result<std::unique_ptr<ThreadBlockPort>> make(OpenedBlock& opened,
                                                         FileCalls calls = system_file_calls());
    /// Threads that the kernel holds are left behind, with what they need.
    ~ThreadBlockPort() override;

    [[nodiscard]] BlockGeometry geometry() const override;
    [[nodiscard]] unsigned slots() const override;
    [[nodiscard]] std::span<std::uint8_t> slot(unsigned index) override;
    void start(Direction direction, unsigned slot, Extent extent) override;
    [[nodiscard]] Result<std::optional<Completion>>
    wait(std::chrono::milliseconds at_most) override;
    [[nodiscard]] std::optional<int> flush(std::chrono::milliseconds at_most) override;
    [[nodiscard]] Result<PortState> state() override;
    [[nodiscard]] bool used_page_cache() const override { return used_page_cache_; }
    [[nodiscard]] int descriptor() const override;
    [[nodiscard]] Status measure() override;

  private:
    class Crew;
    explicit ThreadBlockPort(std::shared_ptr<Crew> crew);

    std::shared_ptr<Crew> crew_;
    bool used_page_cache_ = false;
    bool flushing_ = false;
};

} // namespace quietus
