// StationSigner: the door to the station's two keys, that of its documents and that of its log.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/crypto/signer.hpp"
#include "quietus/register/checkpoint.hpp"
#include "quietus/signing/grounds.hpp"

#include <memory>
#include <string>

namespace quietus {

class StationSigner {
  public:
    virtual ~StationSigner() = default;
    /// Who signs documents here. The faults of load_station_signer (keys/station_keys.hpp), and
    /// Fault::evidence when the signer does not answer, here and below.
    [[nodiscard]] virtual Result<SignerIdentity> identity() = 0;
    /// Makes a signature with each key and checks it. Nothing that was signed comes out.
    [[nodiscard]] virtual Status try_out() = 0;
    /// A detached CMS SignedData in DER over the payload. Fault::refused as check_grounds.
    [[nodiscard]] virtual Result<Bytes> sign(const SigningRequest& request) = 0;
    /// The log's key under this origin; must not outlive the signer.
    [[nodiscard]] virtual Result<std::unique_ptr<CheckpointSigner>>
    checkpoint_signer(const std::string& origin) = 0;
};

} // namespace quietus
