// LUKS: what stands before an encrypted volume and opens it, and what becomes of that.
#pragma once

#include "quietus/core/extent.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace quietus {

/// One header as it was found. Its texts are escaped; its numbers are hostile: a volume may claim
/// anything of where its keys are.
struct LuksHeader {
    std::uint64_t offset_bytes = 0; ///< where it begins on the whole drive
    std::uint32_t version = 0;      ///< 1 or 2
    bool second = false;            ///< the copy that a header of version 2 keeps of itself
    std::string uuid = {};
    std::string cipher = {};                   ///< "aes-xts-plain64"; empty: not told
    std::uint32_t key_bits = 0;                ///< 0: not told
    std::vector<std::uint32_t> key_slots = {}; ///< that hold a key, ascending
    /// From the beginning of the volume: headers, slots and all between them end here. 0: not told.
    std::uint64_t keys_end = 0;
    /// From the beginning of the volume. 0: it is elsewhere, and this header is a detached one.
    std::uint64_t data_offset = 0;
    /// From the beginning of the volume to the end of the partition, or the drive, that it lies in.
    /// 0: that is not known, or other partitions reach into it.
    std::uint64_t room_bytes = 0;
    std::string text = {}; ///< what of it cannot be read or is unusual, and why

    friend bool operator==(const LuksHeader&, const LuksHeader&) = default;
    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("offset_bytes", self.offset_bytes);
        visit("version", self.version);
        visit("second", self.second);
        visit("uuid", self.uuid);
        visit("cipher", self.cipher);
        visit("key_bits", self.key_bits);
        visit("key_slots", self.key_slots);
        visit("keys_end", self.keys_end);
        visit("data_offset", self.data_offset);
        visit("room_bytes", self.room_bytes);
        visit("text", self.text);
    }
};

/// A volume whose keys are to be destroyed: all before `data_offset` is overwritten, and what
/// follows, its ciphertext, is left as it is. Of a plan.
struct LuksVolume {
    std::uint64_t offset_bytes = 0; ///< where it begins on the whole drive
    std::uint64_t size_bytes = 0;   ///< to the end of the partition, or the drive, that it lies in
    std::uint32_t version = 0;      ///< 1 or 2
    std::string cipher = {};        ///< "aes-xts-plain64"
    std::uint32_t key_bits = 0;
    std::uint64_t keys_end = 0;    ///< from its beginning: at most data_offset
    std::uint64_t data_offset = 0; ///< from its beginning

    friend bool operator==(const LuksVolume&, const LuksVolume&) = default;
    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("offset_bytes", self.offset_bytes);
        visit("size_bytes", self.size_bytes);
        visit("version", self.version);
        visit("cipher", self.cipher);
        visit("key_bits", self.key_bits);
        visit("keys_end", self.keys_end);
        visit("data_offset", self.data_offset);
    }
};

/// What stood before the data of a volume when it was looked at last before the first write.
struct LuksKeysFound {
    std::uint64_t offset_bytes = 0; ///< of the volume
    std::uint32_t headers = 0;      ///< 1, or 2 with the copy
    std::string sha256 = {};        ///< of all before data_offset: also of a backup of the same

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("offset_bytes", self.offset_bytes);
        visit("headers", self.headers);
        visit("sha256", self.sha256);
    }
};

/// The keys of the volumes before, and what is left of them afterwards.
struct LuksRecord {
    std::vector<LuksKeysFound> before; ///< of each volume, in the plan's order
    bool looked = false;      ///< after the last read-back, wherever a header or its copy may be
    std::vector<Extent> left; ///< headers that were found then, by their first 4096 octets
    std::string text = {};    ///< why nobody could look

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("before", self.before);
        visit("looked", self.looked);
        visit("left", self.left);
        visit("text", self.text);
    }
};

} // namespace quietus
