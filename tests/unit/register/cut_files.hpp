// CutFiles: the files of a log in memory, on which the power can go after any call.
#pragma once

#include "log_files.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace quietus {

struct PowerCut {};

// Files and directories in memory, each as it is and as stable storage has it. A name that was not
// synced may or may not be there after a cut, independently of every other; content that was not
// synced may be the old one, a part of the new one, or the new one.
class CutFiles final : public LogFiles {
  public:
    std::uint64_t cut_after = ~std::uint64_t{0}; ///< steps
    std::uint64_t steps = 0;
    std::function<void()> at_step = [] {};

    Result<std::optional<std::string>> read(const std::string& name) override {
        const auto found = now_.find(name);
        if (found == now_.end()) return std::optional<std::string>{};
        return std::optional(found->second->now);
    }
    Status write(const std::string& name, std::string_view content) override {
        EXPECT_TRUE(directory_is_there(name)) << name;
        auto& file = now_[name];
        if (!file) file = std::make_shared<File>();
        file->now = content;
        step();
        file->durable = file->now;
        step();
        return {};
    }
    Status rename(const std::string& from, const std::string& to) override {
        now_[to] = now_.at(from);
        now_.erase(from);
        step();
        return {};
    }
    Result<bool> make_directory(const std::string& name) override {
        EXPECT_TRUE(directory_is_there(name)) << name;
        if (now_.contains(name)) return false;
        now_[name] = std::make_shared<File>();
        step();
        return true;
    }
    Status sync_directory(const std::string& name) override {
        for (auto& [path, file] : now_)
            if (parent(path) == name) durable_[path] = file;
        std::erase_if(durable_, [&](const auto& each) {
            return parent(each.first) == name && !now_.contains(each.first);
        });
        step();
        return {};
    }
    std::vector<std::string> list(const std::string& name) override {
        std::vector<std::string> names;
        for (const auto& [path, file] : now_)
            if (parent(path) == name) names.push_back(path.substr(name.size() + 1));
        return names;
    }
    Status remove(const std::string& name) override {
        now_.erase(name);
        step();
        return {};
    }

    /// What the next start of the machine finds.
    void lose_power(std::mt19937& random) {
        std::map<std::string, std::shared_ptr<File>> left;
        const auto coin = [&random] { return (random() & 1U) != 0; };
        for (const auto& [path, file] : now_) {
            const auto old = durable_.find(path);
            if (old != durable_.end() && (old->second == file || coin()))
                left[path] = old->second;
            else if (old == durable_.end() ? coin() : true)
                left[path] = file;
        }
        for (const auto& [path, file] : durable_)
            if (!now_.contains(path) && coin()) left[path] = file;
        // Names come before what is below them, so one pass drops what hangs in the air.
        std::erase_if(left, [&](const auto& each) {
            const std::string above = parent(each.first);
            return !above.empty() && !left.contains(above);
        });
        for (auto& [path, file] : left)
            file = std::make_shared<File>(torn(*file, random));
        now_ = left;
        durable_ = left;
        cut_after = ~std::uint64_t{0};
        steps = 0;
    }

  private:
    struct File {
        std::string now;
        std::string durable;
    };

    static std::string parent(const std::string& path) {
        const auto slash = path.rfind('/');
        return slash == path.npos ? "" : path.substr(0, slash);
    }
    [[nodiscard]] bool directory_is_there(const std::string& path) const {
        return parent(path).empty() || now_.contains(parent(path));
    }
    static File torn(const File& file, std::mt19937& random) {
        std::string content = file.now;
        if (file.now != file.durable) switch (random() % 4) {
            case 0:
                content = file.durable;
                break;
            case 1:
                content.resize(random() % (content.size() + 1));
                break;
            case 2: // the length arrived before the octets
                for (auto at = random() % (content.size() + 1); at < content.size(); ++at)
                    content[at] = '\0';
                break;
            default:
                break;
            }
        return {content, content};
    }
    void step() {
        at_step();
        if (++steps > cut_after) throw PowerCut();
    }
    std::map<std::string, std::shared_ptr<File>> now_;
    std::map<std::string, std::shared_ptr<File>> durable_;
};

} // namespace quietus
