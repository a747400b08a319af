#include "der_tree.hpp"

#include <algorithm>
#include <stdexcept>

namespace quietus::testing_support {
namespace {

DerTree take(ByteView& rest) {
    const std::uint8_t tag = rest[0];
    std::size_t length = rest[1];
    std::size_t start = 2;
    if (length > 0x80) {
        const std::size_t count = length & 0x7FU;
        length = 0;
        for (std::size_t i = 0; i < count; ++i)
            length = length << 8U | rest[start++];
    }
    ByteView content = rest.subspan(start, length);
    rest = rest.subspan(start + length);
    DerTree tree{tag, {}, {}};
    if ((tag & 0x20U) == 0)
        tree.content.assign(content.begin(), content.end());
    else
        while (!content.empty())
            tree.children.push_back(take(content));
    return tree;
}

void put_length(Bytes& into, std::size_t length) {
    if (length < 0x80) {
        into.push_back(static_cast<std::uint8_t>(length));
        return;
    }
    const int count = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
    into.push_back(static_cast<std::uint8_t>(0x80 | count));
    for (int i = count - 1; i >= 0; --i)
        into.push_back(static_cast<std::uint8_t>(length >> (8 * i)));
}

} // namespace

DerTree DerTree::parse(ByteView octets) {
    DerTree tree = take(octets);
    if (!octets.empty()) throw std::runtime_error("trailing octets");
    return tree;
}

Bytes DerTree::encode() const {
    Bytes inside = content;
    for (const DerTree& child : children) {
        const Bytes encoded = child.encode();
        inside.insert(inside.end(), encoded.begin(), encoded.end());
    }
    Bytes all{tag};
    put_length(all, inside.size());
    all.insert(all.end(), inside.begin(), inside.end());
    return all;
}

void DerTree::sort() {
    std::ranges::sort(children, {}, [](const DerTree& child) { return child.encode(); });
}

DerTree leaf(std::uint8_t tag, Bytes content) {
    return {tag, std::move(content), {}};
}

DerTree branch(std::uint8_t tag, std::vector<DerTree> children) {
    return {tag, {}, std::move(children)};
}

DerTree& signed_data(DerTree& cms) {
    return cms[1][0];
}
DerTree& certificates(DerTree& cms) {
    return signed_data(cms)[3];
}
DerTree& signers(DerTree& cms) {
    return signed_data(cms).children.back();
}
DerTree& signer(DerTree& cms) {
    return signers(cms)[0];
}
DerTree& signed_attributes(DerTree& cms) {
    return signer(cms)[3];
}

DerTree& attribute(DerTree& cms, const Bytes& object) {
    for (DerTree& each : signed_attributes(cms).children)
        if (each[0].content == object) return each;
    throw std::runtime_error("no such attribute");
}

} // namespace quietus::testing_support
