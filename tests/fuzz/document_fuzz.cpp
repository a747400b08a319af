// Documents from anybody: the payload reader and every check of a document must end without a
// crash, whatever the bytes. The first byte says how many of the rest are the signature, in
// sixteenths; with its highest bit they are a statement of validation, and its signature, as well.
#include "quietus/certificate/check.hpp"
#include "quietus/core/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace quietus;
    if (size == 0) return 0;
    const std::string_view rest = as_text({data + 1, size - 1});
    const std::size_t split = rest.size() * (data[0] % 16U) / 16U;
    DocumentFiles files{"QTS-TEST-00000001", DocumentType::certificate,
                        std::string(rest.substr(split)), std::string(rest.substr(0, split))};
    if ((data[0] & 0x80U) != 0) files.validation = ValidationFiles{files.payload, files.p7s, {}};
    // Without trust nothing can ever be valid.
    const auto verdict = check_document(files, TrustAnchors::none()).verdict;
    if (verdict != DocumentVerdict::invalid && verdict != DocumentVerdict::indeterminate) abort();
    // Nor does the text of a finding carry control characters out.
    for (const auto type : {DocumentType::certificate, DocumentType::attempt})
        for (const CheckFinding& finding : check_semantics(files.payload, type))
            if (escaped(finding.code) != finding.code ||
                finding.text.find('\n') != finding.text.npos)
                abort();
    return 0;
}
