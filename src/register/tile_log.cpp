#include "tile_log.hpp"

#include "pending.hpp"
#include "tile_tree.hpp"

#include "quietus/core/ensure.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace quietus {
namespace {

Error invalid(std::string message) {
    return {Fault::invalid, std::move(message)};
}

std::string parent_of(const std::string& name) {
    const auto slash = name.rfind('/');
    return slash == name.npos ? "" : name.substr(0, slash);
}

// A directory that was made is on stable storage only when its parent has been synced.
Status make_directories(LogFiles& files, const std::string& name) {
    if (name.empty()) return {};
    if (auto status = make_directories(files, parent_of(name)); !status) return status;
    auto made = files.make_directory(name);
    if (!made) return std::move(made).error();
    return *made ? files.sync_directory(parent_of(name)) : Status{};
}

// Of a tree whose tiles are all there. A smaller one contains no larger one: there is no proof.
Result<Bytes> growth_proof(LogFiles& files, std::uint64_t earlier, std::uint64_t size) {
    if (earlier > size) return Bytes{};
    auto hashes = TileTree(files, size).consistency(earlier, size);
    if (!hashes) return std::move(hashes).error();
    Bytes proof;
    for (const Hash& hash : *hashes)
        proof.insert(proof.end(), hash.begin(), hash.end());
    return proof;
}

// As many entries of a full bundle as a smaller tree had.
Result<std::string> first_entries(std::string_view content, std::uint64_t width) {
    auto entries = parse_bundle(content);
    if (!entries) return std::move(entries).error();
    if (entries->size() < width) return invalid("too few entries");
    std::string first;
    for (std::uint64_t i = 0; i < width; ++i)
        first += bundled((*entries)[i]);
    return first;
}

} // namespace

// What an append adds: files by name, and the right edge they leave.
struct TileLog::Growth {
    Frontier frontier;
    std::string bundle;
    std::map<std::string, std::string> files;
    std::vector<std::string> full; ///< tiles and bundles whose partial ones are not needed any more
};

Result<std::vector<Hash>> read_tile(LogFiles& files, std::uint64_t tree_size, unsigned level,
                                    std::uint64_t index) {
    const std::uint64_t hashes = level >= 8 ? 0 : tree_size >> (8 * level);
    const std::uint64_t width = width_in(hashes, index);
    if (width == 0) return std::vector<Hash>{};
    const std::string name = tile_name(level, index, width);
    auto content = files.read(name);
    if (!content) return std::move(content).error();
    if (!*content && width < tile_width) {
        content = files.read(tile_name(level, index, tile_width));
        if (!content) return std::move(content).error();
        if (*content) (*content)->resize(std::min((*content)->size(), width * 32));
    }
    if (!*content) return invalid(name + ": missing");
    auto tile = parse_tile(**content, width);
    if (!tile) return std::move(tile).error().during(name);
    return tile;
}

Result<std::string> read_bundle(LogFiles& files, std::uint64_t tree_size, std::uint64_t index) {
    const std::uint64_t width = width_in(tree_size, index);
    const std::string name = bundle_name(index, width);
    auto content = files.read(name);
    if (!content) return std::move(content).error();
    if (*content) return std::move(**content);
    if (width < tile_width) content = files.read(bundle_name(index, tile_width));
    if (!content) return std::move(content).error();
    if (!*content) return invalid(name + ": missing");
    auto first = first_entries(**content, width);
    if (!first) return std::move(first).error().during(name);
    return first;
}

Status TileLog::read_checkpoint() {
    auto note = files_.read(checkpoint_name);
    if (!note) return std::move(note).error();
    if (!*note) {
        if (exists()) return invalid("checkpoint: it was there and is gone");
        return {};
    }
    if (exists() && **note == note_) return {};
    auto checkpoint = parse_checkpoint(**note);
    if (!checkpoint) return std::move(checkpoint).error().during(checkpoint_name);
    if (checkpoint->head.size < frontier_.size())
        return invalid("checkpoint: of " + std::to_string(checkpoint->head.size) +
                       " entries, where there were " + std::to_string(frontier_.size()));
    checkpoint_ = std::move(*checkpoint);
    note_ = std::move(**note);
    return {};
}

Result<Hash> TileLog::start_at(std::uint64_t size) {
    QUIETUS_ENSURE(exists() && size <= checkpoint_->head.size);
    std::vector<Frontier::Level> levels;
    for (std::uint64_t hashes = size; hashes != 0; hashes /= tile_width) {
        const auto level = static_cast<unsigned>(levels.size());
        auto tile = read_tile(files_, checkpoint_->head.size, level, hashes / tile_width);
        if (!tile) return std::move(tile).error();
        tile->resize(hashes % tile_width);
        levels.push_back(std::move(*tile));
    }
    if (auto status = start_bundle(size, levels); !status) return std::move(status).error();
    frontier_ = Frontier(size, std::move(levels));
    return frontier_.root();
}

// Of the bundle in which the next entry goes, what is there before it.
Status TileLog::start_bundle(std::uint64_t size, const std::vector<Frontier::Level>& levels) {
    bundle_.clear();
    if (size % tile_width == 0) return {};
    auto content = read_bundle(files_, checkpoint_->head.size, size / tile_width);
    if (!content) return std::move(content).error();
    auto first = first_entries(*content, size % tile_width);
    if (!first) return std::move(first).error();
    const auto entries = parse_bundle(*first);
    for (std::size_t i = 0; i < entries->size(); ++i)
        if (leaf_hash((*entries)[i]) != levels.front()[i])
            return invalid("entry " + std::to_string(size / tile_width * tile_width + i) +
                           ": not the one in the tile");
    bundle_ = std::move(*first);
    return {};
}

Status TileLog::take_bundle(std::uint64_t index, const Take& take) {
    auto content = read_bundle(files_, checkpoint_->head.size, index);
    if (!content) return std::move(content).error();
    const std::uint64_t width = width_in(checkpoint_->head.size, index);
    const std::string name = bundle_name(index, width);
    auto entries = parse_bundle(*content);
    if (!entries) return std::move(entries).error().during(name);
    if (entries->size() != width) return invalid(name + ": not " + std::to_string(width));
    for (std::uint64_t i = frontier_.size() - index * tile_width; i < width; ++i) {
        const std::uint64_t number = index * tile_width + i;
        if (auto status = take(number, (*entries)[i]); !status)
            return std::move(status).error().during("entry " + std::to_string(number));
        bundle_ += bundled((*entries)[i]);
        if (!frontier_.push(leaf_hash((*entries)[i])).empty()) bundle_.clear();
    }
    return {};
}

Status TileLog::advance(const Take& take) {
    QUIETUS_ENSURE(exists());
    while (frontier_.size() < checkpoint_->head.size)
        if (auto status = take_bundle(frontier_.size() / tile_width, take); !status) return status;
    if (frontier_.root() == checkpoint_->head.root) return {};
    return invalid("the entries do not give the root of the checkpoint");
}

Status TileLog::create(const CheckpointSigner& signer) {
    return publish({0, root_of({})}, signer);
}

Status TileLog::publish(const TreeHead& head, const CheckpointSigner& signer) {
    const Checkpoint next{signer.verifier().name(), head};
    auto note = signer.sign(checkpoint_text(next), [&](std::uint64_t earlier) {
        return growth_proof(files_, earlier, head.size);
    });
    if (!note) return std::move(note).error();
    if (auto status = write_beside(files_, checkpoint_name, *note); !status) return status;
    if (auto status = files_.sync_directory(""); !status) return status;
    checkpoint_ = next;
    note_ = std::move(*note);
    return {};
}

TileLog::Growth TileLog::grow(const std::vector<std::string_view>& entries) const {
    Growth growth{frontier_, bundle_, {}, {}};
    for (const std::string_view entry : entries) {
        growth.bundle += bundled(entry);
        for (const auto& tile : growth.frontier.push(leaf_hash(entry))) {
            const std::string name = tile_name(tile.level, tile.index, tile_width);
            growth.files[name] = tile_content(tile.hashes);
            growth.full.push_back(name);
            if (tile.level != 0) continue;
            const std::string bundle = bundle_name(tile.index, tile_width);
            growth.files[bundle] = std::exchange(growth.bundle, {});
            growth.full.push_back(bundle);
        }
    }
    std::uint64_t hashes = growth.frontier.size();
    if (!growth.bundle.empty())
        growth.files[bundle_name(hashes / tile_width, hashes % tile_width)] = growth.bundle;
    unsigned level = 0;
    for (const auto& edge : growth.frontier.levels()) {
        const auto& before = frontier_.levels();
        const bool changed = level >= before.size() || before[level] != edge;
        if (!edge.empty() && changed)
            growth.files[tile_name(level, hashes / tile_width, edge.size())] = tile_content(edge);
        hashes /= tile_width;
        ++level;
    }
    return growth;
}

Status TileLog::write_all_of(const Growth& growth) {
    std::set<std::string> directories;
    for (const auto& [name, content] : growth.files) {
        const std::string directory = parent_of(name);
        if (directories.insert(directory).second)
            if (auto status = make_directories(files_, directory); !status) return status;
        if (auto status = write_beside(files_, name, content); !status) return status;
    }
    for (const std::string& directory : directories)
        if (auto status = files_.sync_directory(directory); !status) return status;
    return {};
}

// They are only in the way of somebody who counts files: a failure costs nothing.
void TileLog::drop_partials(const Growth& growth) {
    for (const std::string& full : growth.full) {
        const std::string directory = full + ".p";
        const auto names = files_.list(directory);
        for (const std::string& name : names)
            if (!files_.remove(directory + "/" + name)) return;
        if (!names.empty() && !files_.remove(directory)) return;
    }
}

Status TileLog::carry_out(const std::vector<std::string_view>& entries,
                          const CheckpointSigner& signer) {
    Growth growth = grow(entries);
    if (auto status = write_all_of(growth); !status) return status;
    if (auto status = publish(growth.frontier.head(), signer); !status) return status;
    frontier_ = growth.frontier;
    bundle_ = growth.bundle;
    drop_partials(growth);
    return {};
}

Status TileLog::append(const std::vector<std::string>& entries, const CheckpointSigner& signer) {
    QUIETUS_ENSURE(exists() && frontier_.size() == checkpoint_->head.size);
    Pending pending{frontier_.size(), {}};
    for (const std::string& entry : entries)
        pending.bundle += bundled(entry);
    if (auto status = save_pending(files_, pending); !status) return status;
    return carry_out({entries.begin(), entries.end()}, signer);
}

Result<std::optional<std::string>> TileLog::recover(const CheckpointSigner& signer) {
    using Report = std::optional<std::string>;
    auto pending = load_pending(files_);
    if (!pending) return std::move(pending).error();
    if (pending->torn) {
        if (auto status = clear_pending(files_); !status) return std::move(status).error();
        return Report("an append that a crash tore was dropped: it was never acknowledged");
    }
    if (!pending->whole) return Report{};
    const std::uint64_t size = checkpoint_->head.size;
    auto entries = parse_bundle(pending->whole->bundle);
    if (!entries) return std::move(entries).error().during(pending_name);
    if (pending->whole->size + entries->size() <= size) return Report{}; // carried out
    if (pending->whole->size != size)
        return invalid("checkpoint: of " + std::to_string(size) + " entries, where " +
                       std::to_string(pending->whole->size) +
                       " were acknowledged: an older one was put back");
    QUIETUS_ENSURE(frontier_.size() == size);
    const std::size_t count = entries->size();
    if (auto status = carry_out(*entries, signer); !status) return std::move(status).error();
    return Report("an append that a crash interrupted was carried out: " + std::to_string(count) +
                  " from entry " + std::to_string(size));
}

} // namespace quietus
