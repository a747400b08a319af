#include "this_tool.hpp"

#include "quietus/core/version.hpp"
#include "quietus/drive/host.hpp"
#include "quietus/stream/digest.hpp"

#include <sys/utsname.h>

#include <string>

namespace quietus {

Tool this_tool() {
    utsname system{};
    ::uname(&system);
    return {version_text(), commit_text(), openssl_version(), libblkid_version(),
            std::string(system.sysname) + " " + system.release};
}

} // namespace quietus
