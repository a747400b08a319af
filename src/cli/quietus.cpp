#include "quietus/cli/run.hpp"

namespace quietus {
namespace {

class ThisMachine final : public Premises {
  public:
    [[nodiscard]] const Program& program() const override { return quietus_program(); }
    [[nodiscard]] Provenance provenance() const override { return Provenance::machine; }
    [[nodiscard]] Result<Setting> setting(const Invocation&, const Places&) const override {
        return machine_setting();
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
