#include "pem.hpp"

#include "quietus/core/ensure.hpp"

#include <openssl/pem.h>

namespace quietus {
namespace {

struct Block {
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* octets = nullptr;
    long length = 0;

    Block() = default;
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;
    ~Block() {
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_clear_free(octets, static_cast<std::size_t>(length)); // it may have been a key
    }
};

// Reads one object that takes up the whole block.
template <typename Ptr, typename Decode>
bool take(const Block& block, std::vector<Ptr>& into, Decode decode) {
    const unsigned char* at = block.octets;
    Ptr object(decode(nullptr, &at, block.length));
    if (!object || at != block.octets + block.length) return false;
    into.push_back(std::move(object));
    return true;
}

Status add(const Block& block, PemContent& content) {
    const std::string_view name = block.name;
    if (*block.header != '\0') return Error{Fault::invalid, "an encrypted block"};
    bool read = false;
    if (name == PEM_STRING_X509)
        read = take(block, content.certificates, d2i_X509);
    else if (name == PEM_STRING_X509_CRL)
        read = take(block, content.crls, d2i_X509_CRL);
    else
        return Error{Fault::invalid,
                     "a block that is neither certificate nor revocation list: " + escaped(name)};
    if (!read) return openssl_error(Fault::invalid, "a " + std::string(name) + " block");
    return {};
}

// The library passes over a begin line that was cut short as it would over a comment.
std::size_t begin_lines(std::string_view text) {
    constexpr std::string_view begin = "-----BEGIN";
    std::size_t count = 0;
    for (std::size_t at = text.find(begin); at != text.npos; at = text.find(begin, at + 1))
        ++count;
    return count;
}

} // namespace

Result<PemContent> read_pem(std::string_view text) {
    const BioPtr bio = reading(text);
    PemContent content;
    for (;;) {
        Block block;
        if (PEM_read_bio(bio.get(), &block.name, &block.header, &block.octets, &block.length) != 1)
            break;
        if (auto status = add(block, content); !status) return std::move(status).error();
    }
    // The regular end is "no start line"; anything else is a block cut short or garbled.
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
        return openssl_error(Fault::invalid, "not PEM");
    ERR_clear_error();
    if (content.certificates.size() + content.crls.size() != begin_lines(text))
        return Error{Fault::invalid, "not PEM: a block is cut short"};
    return content;
}

std::string to_pem(X509* certificate) {
    const BioPtr memory(BIO_new(BIO_s_mem()));
    QUIETUS_ENSURE(memory && PEM_write_bio_X509(memory.get(), certificate) == 1);
    return std::string(written(memory.get()));
}

std::string to_pem(X509_CRL* crl) {
    const BioPtr memory(BIO_new(BIO_s_mem()));
    QUIETUS_ENSURE(memory && PEM_write_bio_X509_CRL(memory.get(), crl) == 1);
    return std::string(written(memory.get()));
}

} // namespace quietus
