#include "quietus/app/selftest.hpp"
#include "quietus/app/station.hpp"
#include "quietus/core/file.hpp"

namespace quietus {
namespace {

constexpr std::size_t scratch_bytes = (std::size_t{4} << 20U) + 1000; // with an odd tail
constexpr std::string_view secret = "this must not survive the erasure";

std::string scratch_content() {
    std::string content;
    while (content.size() < scratch_bytes)
        content += secret;
    content.resize(scratch_bytes);
    return content;
}

Status check_erased(const std::string& image) {
    auto content = read_regular_file(image, scratch_bytes);
    if (!content) return std::move(content).error();
    if (content->find(secret.substr(0, 12)) == std::string::npos) return {};
    return Error{Fault::drive, "the secret is still on the scratch image"};
}

} // namespace

Status erase_scratch_image(const std::string& directory) {
    const Places places{directory + "/state", directory + "/state/certificates"};
    auto station = init_station(places, "SELFTEST", std::nullopt);
    if (!station) return std::move(station).error();
    const std::string image = directory + "/scratch.img";
    if (auto status = save_new_file(image, scratch_content(), 0600); !status) return status;
    OpenSite machine(places, Signing::ready, machine_setting());
    if (auto status = erase_and_check("image:" + image, machine.doors()); !status) return status;
    return check_erased(image);
}

} // namespace quietus
