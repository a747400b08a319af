#include "contents.hpp"

#include "quietus/core/extent.hpp"
#include "quietus/drive/host.hpp"
#include "quietus/drive/luks_headers.hpp"

#include <blkid/blkid.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>

namespace quietus {
namespace {

/// libblkid counts partitions in these.
constexpr std::uint64_t table_sector_bytes = 512;
/// A table in a partition of a table in a partition: a disk image inside a virtual machine.
constexpr int deepest_table = 3;
/// Bounds what a hostile drive can make us do.
constexpr std::size_t most_findings = 4096;

struct FreeProbe {
    void operator()(blkid_probe probe) const { blkid_free_probe(probe); }
};
using Probe = std::unique_ptr<std::remove_pointer_t<blkid_probe>, FreeProbe>;

Error probe_error(const char* what) {
    return system_error(Fault::io, what, errno != 0 ? errno : EIO);
}

// Labels are bytes of the drive; what follows the first zero byte is padding.
std::string value_of(blkid_probe probe, const char* name) {
    const char* data = nullptr;
    std::size_t length = 0;
    if (blkid_probe_lookup_value(probe, name, &data, &length) != 0) return {};
    const std::string text(data, length);
    return text.substr(0, text.find('\0'));
}

Content finding_of(blkid_probe probe, std::uint64_t offset) {
    Content content;
    content.offset_bytes = offset;
    content.type = value_of(probe, "TYPE");
    if (content.type.empty()) {
        content.type = value_of(probe, "PTTYPE");
        content.uuid = value_of(probe, "PTUUID");
        content.usage = "partition-table";
        return content;
    }
    content.label = value_of(probe, "LABEL");
    content.uuid = value_of(probe, "UUID");
    content.usage = value_of(probe, "USAGE");
    return content;
}

Result<Probe> probe_of(int descriptor, Extent region) {
    Probe probe(blkid_new_probe());
    errno = 0;
    if (!probe ||
        blkid_probe_set_device(probe.get(), descriptor, static_cast<blkid_loff_t>(region.offset),
                               static_cast<blkid_loff_t>(region.length)) != 0)
        return probe_error("probing");
    blkid_probe_enable_superblocks(probe.get(), 1);
    blkid_probe_set_superblocks_flags(probe.get(), BLKID_SUBLKS_LABEL | BLKID_SUBLKS_UUID |
                                                       BLKID_SUBLKS_TYPE | BLKID_SUBLKS_USAGE);
    blkid_probe_enable_partitions(probe.get(), 1);
    blkid_probe_set_partitions_flags(probe.get(), BLKID_PARTS_FORCE_GPT);
    return probe;
}

std::uint64_t sectors(blkid_loff_t count) {
    constexpr auto most = static_cast<blkid_loff_t>(INT64_MAX / table_sector_bytes);
    return static_cast<std::uint64_t>(std::clamp<blkid_loff_t>(count, 0, most)) *
           table_sector_bytes;
}

// A table may claim anything; only what lies wholly within can be looked at.
bool lies_within(Extent inside, Extent region) {
    return inside.offset != 0 && inside.length != 0 && inside.offset < region.length &&
           inside.length <= region.length - inside.offset;
}

std::string text_or_empty(const char* text) {
    return text == nullptr ? "" : text;
}

TableEntry entry_of(blkid_partition entry, Extent partition) {
    return {partition.offset, partition.length, text_or_empty(blkid_partition_get_uuid(entry)),
            text_or_empty(blkid_partition_get_name(entry))};
}

class Reader {
  public:
    explicit Reader(int descriptor) : descriptor_(descriptor) {}

    // The region's own signatures, all of them (a stale one is content too), then its partitions.
    Status read(blkid_probe probe, std::uint64_t offset, int depth) {
        errno = 0;
        int outcome = 0;
        bool is_luks = false;
        while (!full() && (outcome = blkid_do_probe(probe)) == 0) {
            contents_.found.push_back(finding_of(probe, offset));
            is_luks = is_luks || contents_.found.back().type == "crypto_LUKS";
        }
        if (outcome < 0) return probe_error("reading signatures");
        const auto length = static_cast<std::uint64_t>(blkid_probe_get_size(probe));
        if (is_luks) read_luks({offset, length});
        if (depth == deepest_table) return {};
        return read_partitions(probe, {offset, length}, depth);
    }
    Contents take() && {
        for (std::size_t index = 0; index < regions_.size(); ++index)
            if (has_known_end(regions_[index]))
                contents_.luks[index].room_bytes = regions_[index].length;
        return std::move(contents_);
    }

  private:
    // Where a volume ends is known when it fills the drive, or one entry of its table that no
    // other reaches into.
    [[nodiscard]] bool has_known_end(Extent region) const {
        const auto& table = contents_.partitions;
        if (odd_table_) return false;
        if (table.empty()) return region.offset == 0;
        std::size_t touched = 0;
        bool fills = false;
        for (const TableEntry& each : table) {
            const bool apart =
                each.offset >= region.end() || each.offset + each.length <= region.offset;
            if (!apart) ++touched;
            fills = fills || (each.offset == region.offset && each.length == region.length);
        }
        return touched == 1 && fills;
    }
    [[nodiscard]] bool full() const { return contents_.found.size() >= most_findings; }

    // A copy that cannot be read keeps nobody from what else stands on the drive.
    void read_luks(Extent region) {
        const std::uint64_t offset = region.offset;
        auto headers = luks::read_headers(
            [this](std::uint64_t at, std::size_t octets) { return octets_at(at, octets); }, offset);
        if (headers)
            std::ranges::move(*headers, std::back_inserter(contents_.luks));
        else
            contents_.luks.push_back({.offset_bytes = offset, .text = headers.error().message});
        regions_.resize(contents_.luks.size(), region);
    }

    [[nodiscard]] Result<Bytes> octets_at(std::uint64_t at, std::size_t octets) const {
        Bytes data(octets);
        std::size_t done = 0;
        while (done < octets) {
            const ssize_t got = ::pread(descriptor_, data.data() + done, octets - done,
                                        static_cast<off_t>(at + done));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return system_error(Fault::io, "reading a LUKS header", errno);
            if (got == 0) break;
            done += static_cast<std::size_t>(got);
        }
        data.resize(done);
        return data;
    }

    Status read_partitions(blkid_probe probe, Extent region, int depth) {
        blkid_partlist table = blkid_probe_get_partitions(probe);
        const int count = table == nullptr ? 0 : blkid_partlist_numof_partitions(table);
        for (int index = 0; index < count && !full(); ++index) {
            blkid_partition entry = blkid_partlist_get_partition(table, index);
            if (blkid_partition_is_extended(entry) != 0) continue;
            const Extent inside{sectors(blkid_partition_get_start(entry)),
                                sectors(blkid_partition_get_size(entry))};
            if (!lies_within(inside, region)) {
                odd_table_ = true;
                continue;
            }
            const Extent partition{region.offset + inside.offset, inside.length};
            if (depth == 0) contents_.partitions.push_back(entry_of(entry, partition));
            auto deeper = probe_of(descriptor_, partition);
            if (!deeper) return std::move(deeper).error();
            if (auto status = read(deeper->get(), partition.offset, depth + 1); !status)
                return status;
        }
        return {};
    }

    int descriptor_;
    Contents contents_;
    std::vector<Extent> regions_; ///< of each header: the volume it belongs to
    bool odd_table_ = false;      ///< one has entries that cannot be looked at
};

} // namespace

struct ContentsReader::Work {
    int descriptor;
    Probe whole;
};

ContentsReader::ContentsReader(std::unique_ptr<Work> work) : work_(std::move(work)) {}
ContentsReader::ContentsReader(ContentsReader&&) noexcept = default;
ContentsReader::~ContentsReader() = default;

Result<ContentsReader> ContentsReader::prepare(int descriptor) {
    auto probe = probe_of(descriptor, {0, 0});
    if (!probe) return std::move(probe).error();
    blkid_probe_is_wholedisk(probe->get()); // asks sysfs, and remembers
    return ContentsReader(std::make_unique<Work>(Work{descriptor, std::move(*probe)}));
}

Result<Contents> ContentsReader::read() {
    Reader reader(work_->descriptor);
    if (auto status = reader.read(work_->whole.get(), 0, 0); !status)
        return std::move(status).error();
    return std::move(reader).take();
}

Result<Contents> read_contents(int descriptor) {
    auto reader = ContentsReader::prepare(descriptor);
    if (!reader) return std::move(reader).error();
    return reader->read();
}

std::string libblkid_version() {
    const char* version = nullptr;
    blkid_get_library_version(&version, nullptr);
    return version == nullptr ? "unknown" : version;
}

} // namespace quietus
