#include "quietus/certificate/cross_check.hpp"

#include "quietus/record/job_id.hpp"
#include "quietus/stream/digest.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <tuple>

namespace quietus {
namespace {

constexpr std::size_t findings_max = 1000;

class CappedFindings {
  public:
    void add(std::string_view code, std::string text) {
        if (findings_.size() < findings_max) {
            findings_.push_back({std::string(code), std::move(text)});
            return;
        }
        ++more_;
        graver_ = graver_ || code.front() == 'E';
    }
    [[nodiscard]] std::vector<CheckFinding> take() && {
        if (more_ != 0)
            findings_.push_back(
                {graver_ ? "E_MORE" : "W_MORE", "and " + std::to_string(more_) + " more findings"});
        return std::move(findings_);
    }

  private:
    std::vector<CheckFinding> findings_;
    std::size_t more_ = 0;
    bool graver_ = false; // whether one of those that are only counted is an E_
};

} // namespace

// One look at all that was added.
class CrossCheck::Search {
  public:
    Search(const CrossCheck& check, std::deque<Record> records)
        : records_(std::move(records)), names_(check.stations_.size()) {
        for (const auto& [name, index] : check.stations_)
            names_[index] = name;
    }

    std::vector<CheckFinding> run() && {
        const auto by_id = [](const Record& each) {
            return std::tuple(each.station, each.number, each.payload);
        };
        std::ranges::sort(records_, {}, by_id);
        // The same document, named twice or copied.
        const auto again = std::unique(
            records_.begin(), records_.end(),
            [&](const Record& one, const Record& other) { return by_id(one) == by_id(other); });
        records_.erase(again, records_.end());
        for (auto begin = records_.begin(); begin != records_.end();) {
            const auto end = std::find_if(begin, records_.end(), [&](const Record& each) {
                return each.station != begin->station;
            });
            examine_station(Records(begin, end));
            begin = end;
        }
        examine_drives();
        return std::move(findings_).take();
    }

  private:
    /// Those of one station, which stand beside each other.
    class Records {
      public:
        using Iterator = std::deque<Record>::const_iterator;
        Records(const Iterator& begin, const Iterator& end)
            : begin_(begin), size_(static_cast<std::size_t>(end - begin)) {}
        [[nodiscard]] std::size_t size() const { return size_; }
        [[nodiscard]] const Record& operator[](std::size_t at) const {
            return begin_[static_cast<std::ptrdiff_t>(at)];
        }

      private:
        Iterator begin_;
        std::size_t size_;
    };

    [[nodiscard]] std::string id_of(const Record& record) const {
        return job_id(names_[record.station], record.number);
    }

    void examine_station(const Records& records) {
        for (std::size_t i = 1; i < records.size(); ++i) {
            const Record& before = records[i - 1];
            if (records[i].number == before.number)
                findings_.add("E_ID_REUSE",
                              id_of(before) + ": two documents of this id that differ");
            if (records[i].number > before.number + 1) name_gap(before, records[i]);
        }
        examine_chain(records);
    }

    void name_gap(const Record& before, const Record& after) {
        const std::string& station = names_[before.station];
        const std::uint32_t missing = after.number - before.number - 1;
        std::string what = job_id(station, before.number + 1);
        if (missing > 1)
            what += " to " + job_id(station, after.number - 1) + ", " + std::to_string(missing) +
                    " numbers";
        findings_.add("E_CHAIN_GAP", what + ": no document, between others of the station");
    }

    // A document names the last one that was issued when its job began: one of a lower number,
    // though not always the next lower one, since jobs run beside each other. So a predecessor that
    // is not there proves something only where it cannot be one that was left out: from number 1
    // on, and from the first document on whose predecessor is there, up to the next gap.
    void examine_chain(const Records& records) {
        const auto places = places_of(records);
        bool anchored = records.size() != 0 && records[0].number == 1;
        bool begun = false; // whether anybody named a predecessor
        for (std::size_t i = 0; i < records.size(); ++i) {
            const Record& each = records[i];
            if (i > 0 && each.number > records[i - 1].number + 1) anchored = false;
            const auto found = std::ranges::lower_bound(
                places, each.previous, {}, [&](Place at) { return records[at].payload; });
            const bool there =
                found != places.end() && records[*found].payload == each.previous && *found < i;
            if (each.previous == 0 && begun)
                findings_.add("E_CHAIN_PREV", id_of(each) + ": names no document before it");
            if (each.previous != 0 && anchored && !there)
                findings_.add("E_CHAIN_PREV",
                              id_of(each) + ": the document that it names as the one before it is "
                                            "none of the station's");
            anchored = anchored || there;
            begun = begun || each.previous != 0;
        }
    }

    // The places of records in the order of their payloads.
    using Place = std::uint32_t;
    static std::vector<Place> places_of(const Records& records) {
        std::vector<Place> places(records.size());
        std::iota(places.begin(), places.end(), 0U);
        std::ranges::sort(places, {}, [&](Place at) { return records[at].payload; });
        return places;
    }

    void examine_drives() {
        std::erase_if(records_, [](const Record& each) { return each.drive == 0; });
        std::ranges::sort(records_, {}, [](const Record& each) {
            return std::tuple(each.drive, each.station, each.number);
        });
        for (std::size_t i = 1; i < records_.size(); ++i) {
            const Record& before = records_[i - 1];
            const Record& each = records_[i];
            if (each.drive == before.drive &&
                (each.station != before.station || each.number != before.number))
                findings_.add("W_SERIAL_REUSE",
                              id_of(before) + " and " + id_of(each) + ": about one serial number");
        }
    }

    std::deque<Record> records_;
    std::vector<std::string> names_;
    CappedFindings findings_;
};

CrossCheck::CrossCheck() : key_(as_text(random_bytes(32))) {}

std::uint64_t CrossCheck::keyed(std::string_view text) const {
    if (text.empty()) return 0;
    const Bytes whole = hmac_sha256(as_bytes(key_), as_bytes(text));
    std::uint64_t word = 0;
    std::memcpy(&word, whole.data(), sizeof word);
    return word == 0 ? 1 : word;
}

void CrossCheck::add(const DocumentTrace& trace) {
    const auto station =
        stations_.try_emplace(trace.station, static_cast<std::uint32_t>(stations_.size())).first;
    records_.push_back({station->second, static_cast<std::uint32_t>(trace.number),
                        keyed(trace.payload_sha384), keyed(trace.previous_sha384),
                        keyed(trace.serial)});
}

std::vector<CheckFinding> CrossCheck::findings() && {
    return Search(*this, std::move(records_)).run();
}

} // namespace quietus
