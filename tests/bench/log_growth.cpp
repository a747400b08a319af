// log_growth: makes a log of many jobs and times single appends to it at each size on the way.
//
// usage: log_growth DIRECTORY ENTRIES
// DIRECTORY must not exist; it gets `log` and `root.pem`, the line by which the log is trusted.
// Prints "SIZE MEDIAN_MICROSECONDS" at 1000, 10000, ... and at the end: the median of 512 appends
// by the station's own register, each on stable storage before it returns.
#include "tile_log.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/core/file.hpp"
#include "quietus/core/json.hpp"
#include "quietus/record/job_id.hpp"
#include "quietus/register/register.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

namespace {

using namespace quietus;

constexpr auto station = "BENCH";
constexpr std::uint64_t timed_appends = 512;
constexpr std::uint64_t batch_jobs = 4096;

template <typename T>
T must(Result<T> result) {
    if (result) return std::move(*result);
    std::fprintf(stderr, "log_growth: %s\n", result.error().message.c_str());
    std::exit(1);
}
void must(const Status& status) {
    if (status) return;
    std::fprintf(stderr, "log_growth: %s\n", status.error().message.c_str());
    std::exit(1);
}

std::string digest_of(std::uint64_t number, std::size_t digits) {
    const std::string text = std::to_string(number);
    return std::string(digits - text.size(), '0') + text;
}

// The entries of one whole job, as a station would have logged them.
class Jobs {
  public:
    /// After a genesis and whole jobs.
    explicit Jobs(std::uint64_t entries) : index_(entries), sequence_((entries - 1) / 3) {}
    void add_to(std::vector<std::string>& entries) {
        const std::string previous = sequence_ == 0 ? "" : digest_of(sequence_, 96);
        const std::string job = job_id(station, ++sequence_);
        entries.push_back(entry({{"type", "intent"},
                                 {"job", job},
                                 {"plan_sha256", digest_of(sequence_, 64)},
                                 {"previous_sha384", previous},
                                 {"sequence", sequence_},
                                 {"serial_hmac", digest_of(sequence_, 64)},
                                 {"technique", "overwrite"}}));
        entries.push_back(entry({{"type", "result"},
                                 {"job", job},
                                 {"journal_sha256", digest_of(sequence_, 64)},
                                 {"verdict", "erased"}}));
        entries.push_back(entry({{"type", "document"},
                                 {"job", job},
                                 {"document", "quietus.certificate"},
                                 {"payload_sha384", digest_of(sequence_, 96)}}));
    }

  private:
    std::string entry(std::initializer_list<Json::Member> members) {
        Json json = Json::object(members);
        json["index"] = Json(index_++);
        json["station"] = Json(station);
        json["time"] = Json("2026-11-22T03:00:00Z");
        return must(to_canonical(json));
    }
    std::uint64_t index_;
    std::uint64_t sequence_;
};

class Bench {
  public:
    explicit Bench(const std::string& directory)
        : directory_(directory + "/log"),
          key_(must(PrivateKey::generate(KeyKind::ed25519)).to_pem()) {
        std::filesystem::create_directories(directory);
        open();
        const std::string verifier = must(log_->init(default_log_origin(station)));
        must(save_new_file(directory + "/root.pem", "log " + verifier + "\n"));
        const auto intent = must(log_->append_intent(facts())); // with the genesis
        finish(intent.job, 1);
    }
    /// Whole jobs, in large appends, until the log has this many entries or up to two more.
    void grow_to(std::uint64_t size) {
        log_.reset();
        const auto files = open_log_files(directory_);
        const auto signer =
            must(sign_checkpoints_with([this] { return read_key(); })(default_log_origin(station)));
        TileLog log(*files);
        must(log.read_checkpoint());
        must(log.advance([](std::uint64_t, std::string_view) { return Status{}; }));
        while (log.known() < size) {
            std::vector<std::string> entries;
            Jobs jobs(log.known());
            const std::uint64_t missing = (size - log.known() + 2) / 3;
            for (std::uint64_t i = 0; i < std::min(batch_jobs, missing); ++i)
                jobs.add_to(entries);
            must(log.append(entries, *signer));
        }
        size_ = log.known();
        open();
        must(log_->probe()); // reads what is new, once: a station does it when it starts
    }
    [[nodiscard]] std::uint64_t size() const { return size_; }
    /// Jobs by the register itself, across the ends of two tiles.
    std::int64_t median_microseconds() {
        std::vector<std::int64_t> times;
        while (times.size() < timed_appends) {
            const auto begin = std::chrono::steady_clock::now();
            const auto intent = must(log_->append_intent(facts()));
            const auto middle = std::chrono::steady_clock::now();
            must(log_->append_result({intent.job, "erased", digest_of(intent.sequence, 64)}));
            times.push_back(microseconds(middle - begin));
            times.push_back(microseconds(std::chrono::steady_clock::now() - middle));
            document(intent.job, intent.sequence);
        }
        const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
        std::nth_element(times.begin(), middle, times.end());
        return *middle;
    }

  private:
    static IntentFacts facts() { return {"S4X9NF0M", "overwrite", std::string(64, 'a'), station}; }
    static std::int64_t microseconds(std::chrono::steady_clock::duration time) {
        return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
    }
    [[nodiscard]] Result<PrivateKey> read_key() const { return PrivateKey::from_pem(key_.view()); }
    void open() {
        log_ = open_log_register({directory_, sign_checkpoints_with([this] { return read_key(); })},
                                 clock_);
    }
    void document(const std::string& job, std::uint64_t sequence) {
        must(log_->append_document({job, "quietus.certificate", digest_of(sequence, 96)}));
    }
    void finish(const std::string& job, std::uint64_t sequence) {
        must(log_->append_result({job, "erased", digest_of(sequence, 64)}));
        document(job, sequence);
    }

    std::string directory_;
    Secret key_;
    SystemClock clock_;
    std::unique_ptr<Register> log_;
    std::uint64_t size_ = 0;
};

} // namespace

int main(int count, char** values) {
    if (count != 3 || std::filesystem::exists(values[1])) {
        std::fputs("usage: log_growth NEW_DIRECTORY ENTRIES\n", stderr);
        return 2;
    }
    const std::uint64_t entries = std::strtoull(values[2], nullptr, 10);
    Bench bench(values[1]);
    for (std::uint64_t size = 1000; size / 10 < entries; size *= 10) {
        bench.grow_to(std::min(size, entries));
        std::printf("%llu %lld\n", static_cast<unsigned long long>(bench.size()),
                    static_cast<long long>(bench.median_microseconds()));
        std::fflush(stdout);
    }
    return 0;
}
