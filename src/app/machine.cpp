#include "quietus/app/site.hpp"

namespace quietus {

Setting machine_setting(std::size_t drives_at_once) {
    return {make_linux_host_for(drives_at_once), std::make_unique<SystemClock>(),
            [](Host& host, Clock& clock) { return make_workers(host, clock); }};
}

} // namespace quietus
