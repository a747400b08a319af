// TcmuRing: SCSI commands that the kernel has a process answer (drivers/target/target_core_user.c).
//
// The layout is that of linux/target_core_user.h, version 2 of its mailbox, which is no valid C++.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/descriptor.hpp"
#include "quietus/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace quietus::test {

struct TargetCommand {
    Bytes cdb;             ///< 16 octets, or as many as the kernel has
    std::size_t bytes = 0; ///< that it moves, in whichever direction
    Bytes out;             ///< what is there to be taken, of that many octets, by a write
};

struct TargetReply {
    std::uint8_t status = 0;
    Bytes sense;
    Bytes data;
};

class TcmuRing {
  public:
    /// By the name of its uio device: "tcm-user/0/drive/quietus". Fault::io.
    [[nodiscard]] static Result<TcmuRing> open(const std::string& name);
    TcmuRing(TcmuRing&& other) noexcept;
    TcmuRing& operator=(TcmuRing&&) = delete;
    ~TcmuRing();

    /// Something to be waited for with poll(): readable when there are commands.
    [[nodiscard]] int descriptor() const { return uio_.get(); }
    /// Answers all commands that are there.
    void serve(const std::function<TargetReply(const TargetCommand&)>& answer);

  private:
    TcmuRing(Descriptor uio, std::uint8_t* region, std::size_t bytes)
        : uio_(std::move(uio)), region_(region), bytes_(bytes) {}
    [[nodiscard]] TargetCommand command_at(const std::uint8_t* entry) const;
    void reply_at(std::uint8_t* entry, const TargetReply& reply) const;

    Descriptor uio_;
    std::uint8_t* region_;
    std::size_t bytes_;
};

} // namespace quietus::test
