#include "quietus/app/quantities.hpp"
#include "quietus/cli/run.hpp"

#include <algorithm>

namespace quietus {
namespace {

class ThisMachine final : public Premises {
  public:
    [[nodiscard]] const Program& program() const override { return quietus_program(); }
    [[nodiscard]] Provenance provenance() const override { return Provenance::machine; }
    [[nodiscard]] Result<Setting> setting(const Invocation& invocation,
                                          const Places&) const override {
        const std::size_t drives = invocation.operands.size();
        const auto jobs = parse_whole(invocation.value("--jobs").value_or(""), jobs_at_once);
        return machine_setting(jobs ? std::min<std::size_t>(*jobs, drives) : drives);
    }
    [[nodiscard]] SelftestResult selftest(const std::string& directory) const override {
        return {"erase, sign and check a scratch image", erase_scratch_image(directory)};
    }
};

} // namespace

int run_quietus(const std::vector<std::string>& arguments) {
    return run_program(ThisMachine(), arguments);
}

} // namespace quietus
