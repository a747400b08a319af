#include "quietus/app/site.hpp"

namespace quietus {

Setting machine_setting() {
    return {make_linux_host(), std::make_unique<SystemClock>(),
            [](Host& host, Clock& clock) { return make_workers(host, clock); }};
}

} // namespace quietus
