#include "prepared_directory.hpp"

#include "secret_file.hpp"

#include "quietus/core/file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

namespace quietus {
namespace {

Status sync_directory(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return system_error(Fault::evidence, path);
    const int outcome = ::fsync(descriptor);
    const int number = errno;
    ::close(descriptor);
    if (outcome != 0) return system_error(Fault::evidence, path, number);
    return {};
}

std::string without_trailing_slash(std::string path) {
    while (path.size() > 1 && path.ends_with('/'))
        path.pop_back();
    return path;
}

std::string parent_of(const std::string& path) {
    const auto parent = std::filesystem::path(path).parent_path().string();
    return parent.empty() ? "." : parent;
}

Error occupied(const std::string& path) {
    return {Fault::refused, path + ": exists already and is never replaced"};
}

} // namespace

PreparedDirectory::PreparedDirectory(std::string target, std::string temporary)
    : target_(std::move(target)), current_(std::move(temporary)) {}

PreparedDirectory::PreparedDirectory(PreparedDirectory&& other) noexcept
    : target_(std::move(other.target_)), current_(std::exchange(other.current_, {})),
      in_place_(other.in_place_) {}

PreparedDirectory::~PreparedDirectory() {
    if (!in_place_) withdraw();
}

Result<PreparedDirectory> PreparedDirectory::beside(const std::string& path) {
    const std::string target = without_trailing_slash(path);
    std::error_code problem;
    const auto type = std::filesystem::symlink_status(target, problem).type();
    const bool exists = type != std::filesystem::file_type::not_found;
    if (exists && (type != std::filesystem::file_type::directory ||
                   !std::filesystem::is_empty(target, problem)))
        return occupied(target);
    return in_place_of(target);
}

Result<PreparedDirectory> PreparedDirectory::in_place_of(const std::string& path) {
    const std::string target = without_trailing_slash(path);
    if (auto status = make_directories(parent_of(target)); !status)
        return std::move(status).error();
    std::string temporary = target + ".new-XXXXXX";
    if (::mkdtemp(temporary.data()) == nullptr) return system_error(Fault::evidence, temporary);
    return PreparedDirectory(target, temporary);
}

Status PreparedDirectory::add(const std::string& name, std::string_view content) const {
    return save_new_file(current_ + "/" + name, content);
}

Status PreparedDirectory::add_secret(const std::string& name, const Secret& secret) const {
    return create_secret_file(current_ + "/" + name, secret);
}

Status PreparedDirectory::put_in_place() {
    if (auto status = sync_directory(current_); !status) return status;
    // rename(2) replaces an empty directory and nothing else.
    if (::rename(current_.c_str(), target_.c_str()) != 0) {
        if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR) return occupied(target_);
        return system_error(Fault::evidence, target_);
    }
    current_ = target_;
    in_place_ = true;
    auto status = sync_directory(parent_of(target_));
    if (!status) withdraw();
    return status;
}

Status PreparedDirectory::exchange(const std::string& aside) {
    if (auto status = sync_directory(current_); !status) return status;
    if (::renameat2(AT_FDCWD, current_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) != 0)
        return system_error(Fault::evidence, target_);
    const std::string old = std::exchange(current_, target_);
    in_place_ = true;
    if (::rename(old.c_str(), aside.c_str()) != 0)
        return system_error(Fault::evidence, aside + ": the old one is " + old);
    return sync_directory(parent_of(target_));
}

void PreparedDirectory::withdraw() {
    std::error_code ignored; // nothing more can be done about it
    if (!current_.empty()) std::filesystem::remove_all(current_, ignored);
}

} // namespace quietus
