#include "volume_keys.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/drive/luks_headers.hpp"
#include "quietus/stream/digest.hpp"

#include <algorithm>
#include <utility>

namespace quietus {
namespace {

constexpr std::uint64_t header_octets = 4096;
constexpr std::uint64_t piece_octets = std::uint64_t{1} << 20U;

/// Reads a run of the drive into memory.
class FetchTask final : public SurfaceTask {
  public:
    FetchTask(Surface& surface, Extent run) : SurfaceTask(surface), run_(run), data_(run.length) {}
    [[nodiscard]] Bytes take() && { return std::move(data_); }

  protected:
    void prepare(unsigned, std::span<std::uint8_t>, Extent) override {}
    void succeeded(Extent extent, std::span<const std::uint8_t> data) override {
        std::ranges::copy(data,
                          data_.begin() + static_cast<std::ptrdiff_t>(extent.offset - run_.offset));
    }

  private:
    Extent run_;
    Bytes data_;
};

// A run that begins and ends on blocks, but for the tail.
Result<Bytes> fetch(Surface& surface, Extent run) {
    const BlockGeometry geometry = surface.port.geometry();
    FetchTask task(surface, run);
    CutExtents route(geometry, surface.port.slot(0).size(), {run});
    const Stop stop = task.run(Direction::read, route);
    if (stop.reason != StopReason::none) return Error{Fault::io, stop.text};
    if (!task.complete() || !task.failed().empty())
        return Error{Fault::io, "it cannot be read at byte " + std::to_string(run.offset)};
    return std::move(task).take();
}

// Any octets, fewer at the end of the drive.
Result<Bytes> octets_at(Surface& surface, std::uint64_t offset, std::size_t octets) {
    const BlockGeometry geometry = surface.port.geometry();
    const std::uint64_t size = geometry.size_bytes;
    if (offset >= size) return Bytes{};
    const std::uint64_t end = offset + std::min<std::uint64_t>(octets, size - offset);
    const std::uint64_t begin = offset / geometry.block_bytes * geometry.block_bytes;
    std::uint64_t upto = (end + geometry.block_bytes - 1) / geometry.block_bytes;
    upto = std::min(upto * geometry.block_bytes, size);
    auto run = fetch(surface, {begin, upto - begin});
    if (!run) return run;
    const auto first = run->begin() + static_cast<std::ptrdiff_t>(offset - begin);
    return Bytes(first, first + static_cast<std::ptrdiff_t>(end - offset));
}

luks::Reader reader_of(Surface& surface) {
    return [&surface](std::uint64_t offset, std::size_t octets) {
        return octets_at(surface, offset, octets);
    };
}

Error changed(const LuksVolume& volume, const std::string& what) {
    return Error{Fault::refused, "identity-changed: the volume at byte " +
                                     std::to_string(volume.offset_bytes) + " " + what}
        .with_hint("run `quietus plan` again and read what it shows");
}

bool is_first_of(const LuksHeader& header, const LuksVolume& volume) {
    return !header.second && header.text.empty() && header.offset_bytes == volume.offset_bytes &&
           header.version == volume.version && header.cipher == volume.cipher &&
           header.key_bits == volume.key_bits && header.keys_end == volume.keys_end &&
           header.data_offset == volume.data_offset;
}

Result<std::string> digest_of_keys(Surface& surface, const LuksVolume& volume) {
    Digest digest(DigestKind::sha256);
    for (std::uint64_t done = 0; done < volume.data_offset; done += piece_octets) {
        const auto octets = std::min(piece_octets, volume.data_offset - done);
        const auto piece = octets_at(surface, volume.offset_bytes + done, octets);
        if (!piece) return Error(piece.error());
        digest.update(*piece);
    }
    return to_hex(digest.finish());
}

Result<LuksKeysFound> keys_of(Surface& surface, const LuksVolume& volume) {
    const auto headers = luks::read_headers(reader_of(surface), volume.offset_bytes);
    if (!headers) return Error(headers.error());
    if (headers->empty()) return changed(volume, "has no header any more");
    if (!is_first_of(headers->front(), volume)) return changed(volume, "has another header");
    auto digest = digest_of_keys(surface, volume);
    if (!digest) return std::move(digest).error();
    return LuksKeysFound{volume.offset_bytes, static_cast<std::uint32_t>(headers->size()),
                         std::move(*digest)};
}

} // namespace

Result<std::vector<LuksKeysFound>> keys_before(Surface& surface,
                                               const std::vector<LuksVolume>& volumes) {
    std::vector<LuksKeysFound> found;
    for (const LuksVolume& each : volumes) {
        auto keys = keys_of(surface, each);
        if (!keys) return std::move(keys).error();
        found.push_back(std::move(*keys));
    }
    return found;
}

void look_for_keys(Surface& surface, const std::vector<LuksVolume>& volumes, LuksRecord& record) {
    const std::uint64_t size = surface.port.geometry().size_bytes;
    ExtentSet left;
    record.looked = false;
    for (const LuksVolume& each : volumes) {
        const auto headers = luks::read_headers(reader_of(surface), each.offset_bytes);
        if (!headers) {
            record.text = headers.error().message;
            return;
        }
        for (const LuksHeader& header : *headers)
            left.add({header.offset_bytes, std::min(header_octets, size - header.offset_bytes)});
    }
    record.left = std::move(left).take();
    record.looked = true;
}

} // namespace quietus
