#include "quietus/crypto/note.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

// Key, text and signature of the documentation of golang.org/x/mod/sumdb/note.
const std::string peter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const std::string text = "If you think cryptography is the answer to your problem,\n"
                         "then you don't know what your problem is.\n";
const std::string signature =
    "\xE2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
// The example of the C2SP specification.
const std::string salvatore =
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned \xC3\xA8 subito "
    "sera.\n\n\xE2\x80\x94 quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/"
    "5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

class Note : public testing::Test {
  protected:
    NoteVerifier verifier = NoteVerifier::from_text(peter).value();
    std::string note = text + "\n" + signature;
};

TEST_F(Note, OpensTheExampleOfItsDocumentation) {
    const auto opened = open_note(note, verifier);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(*opened, text);
    EXPECT_EQ(verifier.text(), peter);
}

TEST_F(Note, TakesTheExampleOfTheSpecificationApart) {
    const auto parsed = parse_note(salvatore);
    ASSERT_TRUE(parsed) << parsed.error().message;
    ASSERT_EQ(parsed->signatures.size(), 1u);
    EXPECT_EQ(parsed->signatures[0].name, "quasimodo.example/salvatore");
    EXPECT_EQ(parsed->signatures[0].id, 0x367ba04bU);
    EXPECT_EQ(parsed->text.substr(parsed->text.size() - 8), "o sera.\n");
}

TEST_F(Note, PassesOverLinesOfKeysItDoesNotKnow) {
    const std::string other = salvatore.substr(salvatore.rfind("\n\n") + 2);
    EXPECT_TRUE(open_note(note + other, verifier));
    EXPECT_TRUE(open_note(text + "\n" + other + signature, verifier));
    EXPECT_FALSE(open_note(text + "\n" + other, verifier));
}

TEST_F(Note, RejectsANoteWithOneSignatureOfTheKeyThatDoesNotHold) {
    std::string bad = signature;
    bad[bad.size() - 10] = bad[bad.size() - 10] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(open_note(text + "\n" + bad, verifier));
    EXPECT_FALSE(open_note(note + bad, verifier));
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::string changed = note;
        changed[at] = changed[at] == 'x' ? 'y' : 'x';
        EXPECT_FALSE(open_note(changed, verifier)) << at;
    }
}

TEST_F(Note, RejectsWhatIsNoNote) {
    for (const std::string& bad :
         {std::string(), text, text + signature, text + "\n", note.substr(0, note.size() - 1),
          note + "\n", text + "\n- PeterNeumann AAAAAAAA\n", "a\x01" + note, "\xFF" + note,
          text + "\n\xE2\x80\x94 Peter Neumann AAAAAAAA\n", text + "\n\xE2\x80\x94 a+b AAAAAAAA\n"})
        EXPECT_FALSE(parse_note(bad)) << bad;
    std::string many = text + "\n";
    for (int i = 0; i < 16; ++i)
        many += "\xE2\x80\x94 other AAAAAAAA\n";
    EXPECT_TRUE(open_note(many + signature, verifier)); // 16 have to be accepted
    for (int i = 0; i < 100; ++i)
        many += signature;
    EXPECT_FALSE(parse_note(many));
}

TEST_F(Note, NamesNoKeyWithASpaceOrAPlus) {
    EXPECT_TRUE(is_note_name("example.org/caf\xC3\xA9"));
    for (const char* name : {"", "a b", "a+b", "a\tb",
                             "a\xC2\xA0"
                             "b",
                             "a\xE3\x80\x80", "\xFF"})
        EXPECT_FALSE(is_note_name(name)) << name;
}

TEST_F(Note, RejectsAVerifierKeyThatIsNone) {
    EXPECT_FALSE(NoteVerifier::from_text("PeterNeumann+c74f20a4" + peter.substr(21)));
    EXPECT_FALSE(NoteVerifier::from_text("PeterNeuman" + peter.substr(12)));
    EXPECT_FALSE(NoteVerifier::from_text(peter.substr(0, peter.size() - 4)));
    EXPECT_FALSE(NoteVerifier::from_text("PeterNeumann"));
}

TEST_F(Note, SignsSoThatTheSameTextGivesTheSameNote) {
    auto signer =
        NoteSigner::make("example.org/log", PrivateKey::generate(KeyKind::ed25519).value());
    ASSERT_TRUE(signer);
    const auto made = signer->sign("one\n");
    ASSERT_TRUE(made);
    EXPECT_EQ(*made, *signer->sign("one\n"));
    EXPECT_EQ(*open_note(*made, signer->verifier()), "one\n");
    EXPECT_FALSE(signer->sign("one"));
    EXPECT_FALSE(signer->sign("o\x02ne\n"));
    EXPECT_FALSE(NoteSigner::make("a b", PrivateKey::generate(KeyKind::ed25519).value()));
    EXPECT_FALSE(NoteSigner::make("a", PrivateKey::generate(KeyKind::ecdsa_p384).value()));
}

TEST_F(Note, FindsLogKeysAmongTrustAnchors) {
    const auto keys = log_keys_in("-----BEGIN X-----\nlog " + peter + "\r\nlogs\nlog " + peter);
    ASSERT_TRUE(keys);
    ASSERT_EQ(keys->size(), 2u);
    EXPECT_EQ(keys->back().text(), peter);
    EXPECT_FALSE(log_keys_in("log nonsense\n"));
}

} // namespace
} // namespace quietus
