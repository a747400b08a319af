// Makes a log and its proofs at the sizes that check.go asks about. A program of its own, so that
// the checking side shares no code with it.
//
// usage: make_log DIRECTORY
#include "proof.hpp"
#include "tile_log.hpp"
#include "tile_tree.hpp"

#include "quietus/core/file.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace {

using namespace quietus;

template <typename T>
T must(Result<T> result) {
    if (result) return std::move(*result);
    std::fprintf(stderr, "make_log: %s\n", result.error().message.c_str());
    std::exit(1);
}
void must(const Status& status) {
    if (status) return;
    std::fprintf(stderr, "make_log: %s\n", status.error().message.c_str());
    std::exit(1);
}

class Maker {
  public:
    Maker(std::string directory, const CheckpointSigner& signer)
        : directory_(std::move(directory)), signer_(signer),
          files_(open_log_files(directory_ + "/log")), log_(*files_) {
        for (const char* each : {"", "/log", "/checkpoints", "/inclusion", "/consistency"})
            std::filesystem::create_directories(directory_ + each);
        must(save_new_file(directory_ + "/key", signer.verifier().text()));
        must(log_.create(signer));
    }
    void grow_to(std::uint64_t size) {
        std::vector<std::string> entries;
        for (std::uint64_t i = log_.known(); i < size; ++i)
            entries.push_back("{\"index\":" + std::to_string(i) + "}");
        must(log_.append(entries, signer_));
    }
    void describe() {
        const std::uint64_t size = log_.known();
        const std::string name = std::to_string(size);
        must(save_new_file(directory_ + "/checkpoints/" + name, log_.note()));
        TileTree tree(*files_, size);
        for (const std::uint64_t index : {std::uint64_t{0}, size / 2, size - 1})
            save_inclusion(tree, index);
        for (const std::uint64_t earlier : {std::uint64_t{1}, size / 2, size - 1})
            if (earlier != 0) save_consistency(tree, earlier);
    }

  private:
    void save(const std::string& path, const std::string& content) {
        if (std::filesystem::exists(path)) return;
        must(save_new_file(path, content));
    }
    void save_inclusion(TileTree& tree, std::uint64_t index) {
        const std::uint64_t size = log_.known();
        const LogProof proof{index, must(tree.inclusion(index, size)), log_.note()};
        save(directory_ + "/inclusion/" + std::to_string(size) + "-" + std::to_string(index),
             proof_text(proof));
    }
    void save_consistency(TileTree& tree, std::uint64_t earlier) {
        const std::uint64_t size = log_.known();
        std::string lines;
        for (const Hash& hash : must(tree.consistency(earlier, size)))
            lines += to_base64(hash) + "\n";
        save(directory_ + "/consistency/" + std::to_string(size) + "-" + std::to_string(earlier),
             lines);
    }

    std::string directory_;
    const CheckpointSigner& signer_;
    std::unique_ptr<LogFiles> files_;
    TileLog log_;
};

} // namespace

int main(int count, char** values) {
    if (count != 2) return 2;
    const auto signer = must(sign_checkpoints_with(
        [] { return PrivateKey::generate(KeyKind::ed25519); })("quietus/INTEROP"));
    Maker maker(values[1], *signer);
    for (std::uint64_t size = 1; size <= 300; ++size) {
        maker.grow_to(size);
        maker.describe();
    }
    for (const std::uint64_t size : {65535U, 65536U, 65537U}) {
        maker.grow_to(size);
        maker.describe();
    }
    return 0;
}
