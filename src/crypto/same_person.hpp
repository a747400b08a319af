// Whether two certificates stand for one key or one person: two pairs of eyes must be two.
#pragma once

#include "openssl_handles.hpp"

#include "quietus/crypto/cms.hpp"

namespace quietus {

/// One key pair, whatever the certificates call its algorithm.
[[nodiscard]] bool is_same_key(X509* one, X509* other);

/// One common name, one serialNumber attribute of the subject, or one mail address (rfc822Name or
/// emailAddress) in both. Letter case and spacing make no difference.
[[nodiscard]] bool is_same_person(X509* one, X509* other);

/// The same to keep, for a comparison with signers of another document.
[[nodiscard]] PersonMarks marks_of(X509* certificate);

} // namespace quietus
