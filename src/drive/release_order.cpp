#include "release_order.hpp"

#include <map>
#include <string>
#include <utility>

namespace quietus {
namespace {

// Depth first along "keeps busy", and the result backwards: a use ends up before all that it keeps
// busy, however deep the stack is. A circle, which the kernel does not allow, ends where it began.
class Sorter {
  public:
    explicit Sorter(const std::vector<Use>& uses) : uses_(uses), seen_(uses.size(), false) {
        for (std::size_t index = 0; index < uses.size(); ++index)
            if (!uses[index].key.empty()) by_key_[uses[index].key].push_back(index);
    }

    // The last of the result comes first, so that free places keep their order once turned round.
    std::vector<std::size_t> backwards() && {
        for (std::size_t index = uses_.size(); index-- > 0;)
            visit(index);
        return std::move(done_);
    }

  private:
    void visit(std::size_t index) {
        if (seen_[index]) return;
        seen_[index] = true;
        for (const std::string& key : uses_[index].within)
            visit_key(key);
        for (const std::string& key : uses_[index].ground.keys)
            visit_key(key);
        done_.push_back(index);
    }

    void visit_key(const std::string& key) {
        const auto found = by_key_.find(key);
        if (found == by_key_.end()) return;
        for (const std::size_t index : found->second)
            visit(index);
    }

    const std::vector<Use>& uses_;
    std::map<std::string, std::vector<std::size_t>> by_key_;
    std::vector<bool> seen_;
    std::vector<std::size_t> done_;
};

} // namespace

std::vector<Use> in_release_order(std::vector<Use> uses) {
    const auto backwards = Sorter(uses).backwards();
    std::vector<Use> sorted;
    sorted.reserve(uses.size());
    for (auto index = backwards.rbegin(); index != backwards.rend(); ++index)
        sorted.push_back(std::move(uses[*index]));
    return sorted;
}

} // namespace quietus
