// OpensslCa: a hierarchy made by the openssl program, so that what is checked was not made by us.
#pragma once

#include "workbench.hpp"

#include <string>

namespace quietus::testing_support {

/// A signer certificate as departments would have it; each part can be replaced.
struct LeafWish {
    std::string key = "-algorithm EC -pkeyopt ec_paramgen_curve:P-384"; ///< of openssl genpkey
    std::string usage = "critical,digitalSignature,nonRepudiation";
    std::string extended = "emailProtection,1.3.6.1.5.5.7.3.36,2.25.1831565813.1";
    std::string digest = "sha384";
    std::string subject = {}; ///< as of openssl req -subj; "/O=dept/CN=NAME" when empty
    std::string more = {};    ///< further extension lines
    /// 2020-01-01 to 2040-01-01 (RFC 3280 clause 4.2.1.4); the openssl program knows only the DER.
    std::string key_period =
        "DER:30:22:80:0F:32:30:32:30:30:31:30:31:30:30:30:30:30:30:5A:81:0F:32:30:34:30:30:31:"
        "30:31:30:30:30:30:30:30:5A";
};

class OpensslCa {
  public:
    /// Root (path length as given) and issuing CA with these further extension lines.
    explicit OpensslCa(const std::string& root_pathlen = "1", const std::string& issuing_more = "");
    OpensslCa(const OpensslCa&) = delete;
    OpensslCa& operator=(const OpensslCa&) = delete;
    ~OpensslCa();

    [[nodiscard]] Party issue(const std::string& name, const LeafWish& wish = {}) const;
    /// A CA certificate beneath the issuing CA, and a signer beneath that.
    [[nodiscard]] Party issue_one_deeper() const;
    /// The lists of both CAs, after revoking the certificate (of `party`) for `reason` when given.
    [[nodiscard]] std::string crls(const Party* revoked = nullptr,
                                   const std::string& reason = "") const;
    [[nodiscard]] std::string root() const { return read("root.pem"); }
    [[nodiscard]] std::string read(const std::string& name) const;
    /// Runs it in the directory of the CA; the output. A failure ends the test.
    std::string run(const std::string& command) const;
    void write(const std::string& name, std::string_view content) const;

  private:
    std::string directory_;
};

} // namespace quietus::testing_support
