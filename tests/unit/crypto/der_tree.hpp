// DerTree: DER taken apart into a tree that a test can change and put together again.
//
// Independent of the reader under test; knows single-octet tags and definite lengths.
#pragma once

#include "quietus/core/bytes.hpp"

#include <vector>

namespace quietus::testing_support {

struct DerTree {
    std::uint8_t tag = 0;
    Bytes content;                 ///< of a primitive element
    std::vector<DerTree> children; ///< of a constructed element

    static DerTree parse(ByteView octets);
    [[nodiscard]] Bytes encode() const;
    DerTree& operator[](std::size_t index) { return children.at(index); }
    /// Puts the elements of a SET OF into DER order.
    void sort();
};

/// Primitive and constructed elements.
DerTree leaf(std::uint8_t tag, Bytes content);
DerTree branch(std::uint8_t tag, std::vector<DerTree> children);

/// The usual places in a detached CMS SignedData with embedded certificates.
DerTree& signed_data(DerTree& cms);
DerTree& certificates(DerTree& cms);
DerTree& signers(DerTree& cms);
DerTree& signer(DerTree& cms);
DerTree& signed_attributes(DerTree& cms);
/// The signed attribute with this object identifier (its DER content).
DerTree& attribute(DerTree& cms, const Bytes& object);

} // namespace quietus::testing_support
