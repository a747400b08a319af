#include "audit_table.hpp"

namespace quietus::audit {
namespace {

Option trust_option() {
    return {
        "--trust", "", "FILE",
        "roots that you trust, in PEM, with the CRLs that belong to them; or a directory of such "
        "files, *.pem, of profiles, *.toml, and of releases, tools.toml",
        false};
}

Option crl_option() {
    return {"--crl", "", "FILE", "further CRLs, in PEM or DER; beside --trust", true};
}

Option at_option() {
    return {"--at", "", "TIME", "judge as of this time, 2027-03-01T00:00:00Z (default now)", false};
}

Verb verify_verb() {
    return {
        "verify",
        "FILE...",
        "check documents",
        "Checks everything about each document and reports all findings, never only the first: "
        "E_ codes break it, I_ codes leave it undecided, W_ codes are worth knowing.\n\n"
        "A document is named by any of its files; the others are found beside it. A directory "
        "stands for all documents in it. Without --trust nobody is trusted and no document "
        "ends better than indeterminate.\n\n"
        "Several documents are also checked against each other, as if they were all that "
        "a station issued between the first and the last of them: an id that two of them have "
        "(E_ID_REUSE), a number without a document (E_CHAIN_GAP), a document that follows none "
        "of the station's (E_CHAIN_PREV), a drive with several documents (W_SERIAL_REUSE).\n\n"
        "Signatures are judged as of now, or as of --at: one from later, clocks being five "
        "minutes out at most, does not hold (E_TIME_WINDOW), CRLs issued later are left aside, "
        "and a CRL or a certificate that had ended by then decides nothing any more "
        "(I_CRL_STALE, I_CHAIN_EXPIRED). So an old document is judged with the CRLs of its day "
        "by --at a time in their days.\n\n"
        "--require asks for more than that a certificate holds, and takes a list separated by "
        "commas: level=clear or level=purge (at least), signed-by=ROLE, validated, logged. One is "
        "validated when "
        "a statement beside it (ID.qdc.validation.json, see validate in quietus(1)) says that its "
        "validator accepts it; such a statement is looked at whenever it is there, what is wrong "
        "with it counts against the certificate, and one that was rejected is genuine and no more "
        "(9). A document is logged when --log names a log that it is "
        "in, or a proof of that lies beside it (ID.qdc.tlog-proof); whose log, a line \"log "
        "NAME+ID+KEY\" in the file of --trust says.\n\n"
        "Where policy decided, the profile is asked again, by the text that the document names "
        "with "
        "its SHA-256: shipped with this program, in a directory of --trust, or beside the document "
        "(SHA256.policy.toml). A decision that does not follow does not hold; one whose text is "
        "not "
        "at hand is undecided. A department's profile must be signed under a root of --trust.\n\n"
        "Each document is looked into by a process that can open nothing, and all that this "
        "one can do is read what was named.",
        {trust_option(),
         crl_option(),
         at_option(),
         {"--require", "", "LIST", "what a certificate must meet besides", false},
         {"--log", "", "PATH", "a log, or a proof out of it, that the documents must be in", false},
         {"--jobs", "", "N", "check so many documents at once (default 1)", false},
         {"--junit", "", "FILE", "write the findings there as JUnit XML too; a new file", false}},
        "quietus-audit verify --trust root.pem QTS-TEST-00000001.qdc.json"};
}

Verb show_verb() {
    return {"show",
            "FILE",
            "say what a document says, in plain words",
            "Says first whether the signature was checked, and with what result, then what the "
            "document says, escaped. The exit status is that of verify.",
            {trust_option(), crl_option(), at_option()},
            "quietus-audit show --trust root.pem QTS-TEST-00000001.qdc.json"};
}

Verb register_verb() {
    return {
        "register",
        "DIR",
        "check a log: is anything missing, changed or put away",
        "Reads every entry and every tile and reports all findings: E_ codes prove tampering or "
        "a broken rule, I_ codes say what was missing to decide, W_ codes are worth knowing. The "
        "codes are listed in quietus-register(5).\n\nBefore the first checkpoint leaves a "
        "station its administrator could rewrite the log: --previous names a directory of "
        "checkpoints kept elsewhere, which a rewritten log contradicts. Both signed checkpoints "
        "of such a fork are then written to files, as proof for anybody.",
        {trust_option(),
         crl_option(),
         at_option(),
         {"--previous", "", "DIR", "checkpoints from earlier days: checkpoint, *.checkpoint",
          false},
         {"--documents", "", "DIR", "the documents that the log names", false},
         {"--evidence", "", "DIR", "where both sides of a fork are written (default .)", false},
         {"--junit", "", "FILE", "write the findings there as JUnit XML too; a new file", false}},
        "quietus-audit register --trust root.pem --documents certificates log"};
}

Program table() {
    return {
        "quietus-audit",
        "check certificates of erasure",
        "Checks documents of quietus offline, without privileges. It contains no code that could "
        "open a drive.",
        {{"--json", "", "", "print one JSON document on standard output", false},
         {"--quiet", "-q", "", "print nothing, only end with the status", false}},
        {verify_verb(), show_verb(), register_verb()},
        {{"DOCUMENTS",
          "ID.qdc.json, ID.qdc.p7s\ta certificate of erasure: payload and detached signature\n"
          "ID.qar.json, ID.qar.p7s\tan attempt record: the drive is not proven erased\n"
          "ID.qrh.json, ID.qrh.p7s\ta rehearsal on an emulated drive: no drive was erased\n"
          "ID.qds.json, ID.qds.p7s\ta statement of physical destruction, on the word of two "
          "persons\n\n"
          "The signature alone, without the other checks:\n\n"
          "  openssl cms -verify -binary -inform DER -in ID.qdc.p7s -content ID.qdc.json \\\n"
          "      -CAfile root.pem -out /dev/null"},
         {"EXIT STATUS",
          "0\tevery document is a valid certificate of erasure\n"
          "1\tat least one document does not hold\n"
          "2\tusage: unknown option, bad or missing value, trust that cannot be read\n"
          "6\tat least one document could be neither proven nor refuted\n"
          "8\tthe answer could not be written to standard output, whatever it was\n"
          "9\tgenuine, but not a certificate of erasure: an attempt record, or a rehearsal\n"
          "70\tinternal error\n\n"
          "Of several documents the first of 70, 1, 9, 6 that any of them earned. register: 0 "
          "clean, 1 "
          "findings, 6 something was missing to decide."},
         {"SEE ALSO", "quietus(1), quietus-certificate(5), quietus-register(5), quietus-policy(7), "
                      "openssl-cms(1)"}}};
}

} // namespace

const Program& program() {
    static const Program the_program = table();
    return the_program;
}

} // namespace quietus::audit
