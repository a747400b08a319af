#include "openssl_handles.hpp"

#include "quietus/core/ensure.hpp"

#include <array>
#include <ctime>

namespace quietus {

Error openssl_error(Fault fault, std::string_view what) {
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    std::string message(what);
    if (reason != nullptr) message.append(": ").append(reason);
    return {fault, std::move(message)};
}

BioPtr reading(std::string_view text) {
    const char* start = text.empty() ? "" : text.data(); // the library takes no null
    BioPtr bio(BIO_new_mem_buf(start, static_cast<int>(text.size())));
    QUIETUS_ENSURE(bio != nullptr);
    return bio;
}

std::string_view written(BIO* memory) {
    char* start = nullptr;
    const long length = BIO_get_mem_data(memory, &start);
    return {start, static_cast<std::size_t>(length)};
}

ObjectPtr object_of(std::string_view dotted) {
    ObjectPtr object(OBJ_txt2obj(std::string(dotted).c_str(), 1));
    QUIETUS_ENSURE(object != nullptr);
    return object;
}

std::string dotted_of(const ASN1_OBJECT* object) {
    std::array<char, 256> text{};
    const int length = OBJ_obj2txt(text.data(), text.size(), object, 1);
    if (length <= 0 || length >= static_cast<int>(text.size())) return {};
    return {text.data(), static_cast<std::size_t>(length)};
}

std::optional<std::int64_t> utc_seconds_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
    return timegm(&parts);
}

} // namespace quietus
