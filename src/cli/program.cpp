// The option table of `quietus`: the command line, the manual page and the completions come from
// it.
#include "quietus/cli/run.hpp"

#include "manual.hpp"

#include <utility>

namespace quietus {
namespace {

std::vector<Option> with(std::vector<Option> options, const std::vector<Option>& more) {
    options.insert(options.end(), more.begin(), more.end());
    return options;
}

std::vector<Option> common_options() {
    return {{"--json", "", "", "print one JSON document (erase: JSON Lines, one event a line)"},
            {"--state", "", "DIR",
             "where keys, log, jobs and plans are kept (default /var/lib/quietus for root, else "
             "$XDG_STATE_HOME/quietus)"},
            {"--config", "", "FILE",
             "the configuration, which must be there (default /etc/quietus/quietus.toml, which "
             "need not)"},
            {"--log", "", "FILE", "append a line for every event to FILE"},
            {"--quiet", "-q", "", "no progress on stderr"},
            {"--verbose", "-v", "", "the lines of --log on stderr as well"},
            {"--color", "", "WHEN", "colour the verdict", false, {"auto", "always", "never"}}};
}

Option policy_option() {
    return {"--policy", "", "PROFILE", "the profile to judge by (default uk-official)"};
}

Option trust_directory_option() {
    return {"--trust", "", "DIR",
            "where profiles and the roots of those who sign them are (default /etc/quietus/trust)"};
}

// What a drive held and where it goes.
std::vector<Option> question_options() {
    std::vector<std::string> dispositions{"reuse",   "downgrade", "repair", "return",
                                          "release", "transfer",  "destroy"};
    return {{"--classification", "", "LABEL", "the highest that the drive held"},
            {"--disposition", "", "WHERE", "where the drive goes", false, dispositions},
            {"--destination", "", "LABEL",
             "the highest that is handled where the drive goes, when that is known"}};
}

// What people say about a drive, and where it is put down.
std::vector<Option> statement_options() {
    return {
        {"--certificates", "", "DIR", "where documents are saved (default STATE/certificates)"},
        {"--marking", "", "TEXT", "document marking (default OFFICIAL)"},
        {"--operator", "", "ID", "who does it; known by a certificate they must sign, else stated"},
        {"--witness", "", "ID", "who watches; known by a certificate they must sign, else stated"},
        {"--organisation", "", "TEXT", "whose drive it is"},
        {"--contractor", "", "TEXT", "who works on their behalf"},
        {"--site", "", "TEXT", "where it is done"},
        {"--country", "", "TEXT", "in which country"},
        {"--authority", "", "TEXT", "on whose authority"},
        {"--hold-clearance", "", "TEXT", "who cleared it of legal holds"},
        {"--reference", "", "TEXT", "a reference to print on the document", true}};
}

// How fast, and how slow or silent a drive may be.
std::vector<Option> pace_options() {
    return {{"--limit-rate", "", "BYTES/s", "never faster than this; k, M and G are powers of ten"},
            {"--minimum-rate", "", "BYTES/s", "give a drive up that is slower over a minute"},
            {"--stall-limit", "", "SECONDS",
             "give a drive up that has not answered for so long (default 600)"}};
}

std::vector<std::string> technique_names() {
    return {enum_texts<Technique>.begin(), enum_texts<Technique>.end()};
}

// The options of `plan` and `erase`: a plan is replayed with the options it was made with.
std::vector<Option> plan_options() {
    auto options = with(
        with({policy_option()}, question_options()),
        {trust_directory_option(),
         {"--technique", "", "NAME",
          "how to erase, without policy; the document says that none was applied", false,
          technique_names()},
         {"--scheme", "", "ID",
          "overwrite pattern: one that the rule allows, with --technique any of the "
          "catalogue (default generic.random)"},
         {"--pattern", "", "HEX",
          "what an overwrite by sanitize writes, of whatever kind of drive: 8 hexadecimal digits "
          "(default 00000000)"},
         {"--passes", "", "N",
          "how often it writes it: 1 (default) to 16, scsi-sanitize-overwrite to 31"},
         {"--invert", "", "", "its pattern is inverted from pass to pass"},
         {"--definitive-ending", "", "",
          "with --invert: the last pass leaves the pattern as it is given (DEFINITIVE ENDING "
          "PATTERN), where the drive knows that"},
         {"--allow-unrestricted-exit", "", "",
          "of any ata-sanitize-...: should it fail, the drive may be released from that by a word "
          "(FAILURE MODE 1); otherwise by a SANITIZE that succeeds, and by nothing else"},
         {"--zoned-no-reset", "", "",
          "of any ata-sanitize-... of a zoned drive: its zones stay full, so that they can be read "
          "back (ZONED NO RESET)"},
         {"--verification", "", "MODE",
          "full, sample:PERCENT or none, read back after the last write: may strengthen what rule "
          "and scheme ask, never weaken it. A drive that erases itself is always read back: full "
          "(the default), or a sample, which bears out no more than clear"},
         {"--order", "", "FILE",
          "a disposal order: says what options say, and for which drives; signed (FILE.p7s), it "
          "stands for their codes"}});
    options = with(std::move(options), pace_options());
    options =
        with(std::move(options), {{"--override", "", "NAME",
                                   "set one interlock aside, where that is allowed; printed on "
                                   "the document",
                                   true}});
    options = with(std::move(options), statement_options());
    return with(std::move(options), {{"--asset-tag", "", "SERIAL=TAG",
                                      "the asset tag of the drive with this serial", true}});
}

std::vector<Option> erase_options() {
    return with(
        plan_options(),
        {{"--key", "", "FILE", "the operator's private key: signs the plan before the erase"},
         {"--passin", "", "SOURCE",
          "passphrase of the key: file:PATH or fd:N (default: you are asked)"},
         {"--confirm", "", "CODE", "the code that `quietus plan` printed", true},
         {"--dry-run", "", "", "stop before anything is confirmed"},
         {"--jobs", "", "N", "erase so many drives at once (default all)"},
         {"--skip-refused", "", "", "go on with the drives that no interlock refuses"}});
}

std::vector<Option> resume_options() {
    auto options = with({{"--confirm", "", "CODE",
                          "the code that `quietus plan` printed, where one is asked for", true},
                         {"--override", "", "NAME",
                          "set one more interlock aside, where that is allowed; those that the job "
                          "was begun with stay set aside",
                          true}},
                        pace_options());
    return with(std::move(options), {{"--certificates", "", "DIR",
                                      "where documents are saved (default STATE/certificates)"}});
}

// What was destroyed, how, and what it held.
std::vector<Option> destroy_options() {
    return with(
        {{"--serial", "", "TEXT", "of a drive that is not attached any more, from its label"},
         {"--model", "", "TEXT", "the same of its model"},
         {"--medium", "", "NAME", "the kind of medium, such as hdd, nvme or usb-flash"},
         {"--method", "", "NAME", "how: a way of the catalogue, such as disintegrate-6"},
         {"--equipment", "", "TEXT", "with which machine"},
         {"--particle", "", "MM", "the largest piece that was left, in millimetres"},
         {"--residue", "", "TEXT", "what became of the pieces"},
         {"--at", "", "TIME", "when, in UTC, such as 2026-11-30T10:00:00Z (default now)"},
         {"--job", "", "JOB",
          "a failed job that left it to be destroyed, besides those of the same serial", true},
         policy_option(),
         trust_directory_option(),
         {"--classification", "", "LABEL", "the highest that the drive held"}},
        statement_options());
}

// Of a key that is a person's, theirs to keep.
std::vector<Option> personal_options() {
    return {{"--person", "", "ID", "a key for this person instead of one for the station"},
            {"--role",
             "",
             "ROLE",
             "what the person signs as (default operator)",
             false,
             {"operator", "witness", "validator", "approver", "policy-owner"}},
            {"--out", "", "DIR", "new directory for the person's key and what goes with it"},
            {"--passout", "", "SOURCE",
             "encrypt the person's key with a passphrase: tty (you are asked), file:PATH, fd:N"}};
}

std::vector<Option> sign_options() {
    return {{"--key", "", "FILE", "your private key (PEM, mode 600)"},
            {"--certificate", "", "FILE", "your certificate, then those of its issuing CAs (PEM)"},
            {"--passin", "", "SOURCE",
             "passphrase of the key: file:PATH or fd:N (default: you are asked)"},
            {"--role", "", "ROLE", "what you mean to sign as", false, {"operator", "witness"}},
            {"--trust", "", "FILE",
             "roots and revocation lists of everybody who signs (default STATE/keys/root.pem)",
             true}};
}

std::vector<Option> validate_options() {
    return {{"--decision", "", "WORD", "what you say of it", false, {"accepted", "rejected"}},
            {"--classification", "", "LABEL",
             "the highest that the drive held (default: as the certificate has it)"},
            {"--reason", "", "TEXT", "why; needed of a rejection"},
            {"--marking", "", "TEXT", "document marking (default: that of the certificate)"},
            {"--key", "", "FILE", "your private key (PEM, mode 600)"},
            {"--certificate", "", "FILE", "your certificate, then those of its issuing CAs (PEM)"},
            {"--passin", "", "SOURCE",
             "passphrase of the key: file:PATH or fd:N (default: you are asked)"},
            {"--trust", "", "FILE",
             "roots and revocation lists of everybody who signs (default STATE/keys/root.pem)",
             true}};
}

std::vector<Option> recheck_options() {
    return {{"--certificate", "", "FILE", "the certificate of erasure: any file of it"},
            {"--trust", "", "FILE", "roots and revocation lists of everybody who signed it", true},
            {"--verification", "", "MODE", "full (default) or sample:PERCENT of the drive"}};
}

std::vector<Verb> key_verbs() {
    return {
        {"key init", "", "make the keys of this station, or of a person, self-issued",
         std::string(cli::key_init_text),
         with(personal_options(),
              {{"--station", "", "ID", "4 to 13 of A-Z and 0-9 (default: from the machine id)"},
               {"--keep-ca", "", "DIR", "save the CA keys there instead of destroying them"}}),
         "quietus key init --station BENCH7"},
        {"key show",
         "",
         "show root, station, expiry and persons",
         std::string(cli::key_show_text),
         {},
         "quietus key show --json"},
        {"key request", "", "make a key, and ask a CA for its certificate",
         std::string(cli::key_request_text),
         with(personal_options(),
              {{"--station", "", "ID", "4 to 13 of A-Z and 0-9 (default: from the machine id)"},
               {"--subject", "", "NAME", "what comes before the common name, such as /C=GB/O=X"},
               {"--replace", "", "", "set an older one aside; it is kept"}}),
         "quietus key request --station BENCH7 --subject '/C=GB/O=Example Department'"},
        {"key import",
         "",
         "take the certificate that a CA issued, for this station or of a person",
         std::string(cli::key_import_text),
         {{"--certificate", "", "FILE",
           "the certificate, then those of its issuing CAs (PEM; default: the one in use)"},
          {"--person", "", "ID", "it is a person's, to be known under this id"},
          {"--trust", "", "FILE",
           "roots and revocation lists (default for a person: STATE/keys/root.pem)", true},
          {"--replace", "", "", "set an older one aside; it is kept"}},
         "quietus key import --certificate bench7.pem --trust root.pem"}};
}

std::vector<Verb> policy_verbs() {
    return {
        {"policy list",
         "",
         "show the profiles and the schemes",
         std::string(cli::policy_list_text),
         {trust_directory_option()},
         "quietus policy list"},
        {"policy show",
         "PROFILE",
         "print the text of a profile",
         std::string(cli::policy_show_text),
         {trust_directory_option()},
         "quietus policy show uk-official"},
        {"policy explain", "", "say what a profile answers, and why",
         std::string(cli::policy_explain_text),
         with(with({policy_option(), trust_directory_option()}, question_options()),
              {{"--medium", "", "NAME", "the kind of medium, such as hdd, nvme or usb-flash"},
               {"--drive", "", "DRIVE", "a drive that is attached, instead of a medium"}}),
         "quietus policy explain --classification OFFICIAL --medium nvme --disposition release"},
        {"policy lint",
         "FILE...",
         "find what is wrong in a profile",
         std::string(cli::policy_lint_text),
         {},
         "quietus policy lint department.toml"},
        {"policy sign",
         "FILE",
         "sign a profile, as its owner, or an order, as its approver",
         std::string(cli::policy_sign_text),
         {{"--key", "", "FILE", "your private key (PEM, mode 600)"},
          {"--certificate", "", "FILE", "your certificate, then those of its issuing CAs (PEM)"},
          {"--passin", "", "SOURCE",
           "passphrase of the key: file:PATH or fd:N (default: you are asked)"}},
         "quietus policy sign department.toml --key siro.key --certificate siro.pem"}};
}

std::vector<Verb> register_verbs() {
    return {
        {"register init",
         "",
         "make the log under a name of your choice",
         "Makes the station's log, without an entry yet, under the origin that an auditor is to "
         "know it by, and prints the line that belongs in the auditor's trust file. Without it the "
         "first erasure makes a log under quietus/STATION, which root.pem names already. An origin "
         "is for good.",
         {{"--origin", "", "NAME", "such as example.org/disposal/bench7; no spaces, no plus"}},
         "quietus register init --origin example.org/disposal/bench7"},
        {"register proof",
         "ID",
         "prove that a document is in the log",
         "Writes ID.qdc.tlog-proof beside the documents: the way from the document's entry to a "
         "signed checkpoint, which can be checked offline (C2SP tlog-proof).",
         {{"--certificates", "", "DIR", "where documents are saved (default STATE/certificates)"}},
         "quietus register proof QTS-BENCH7-00000042"}};
}

std::vector<Verb> erasing_verbs() {
    return {
        {"list",
         "",
         "show the attached drives",
         std::string(cli::list_text),
         {{"--all", "", "", "ram, rom and zram drives too"},
          {"--columns", "", "NAME,...", "the columns to show, in this order"}},
         "quietus list"},
        {"inspect",
         "DRIVE",
         "show everything known about a drive",
         std::string(cli::inspect_text),
         {},
         "quietus inspect /dev/sdb"},
        {"plan", "DRIVE...", "show what would be done, and give the confirmation code",
         std::string(cli::plan_text), plan_options(),
         "quietus plan /dev/sdb --classification OFFICIAL --disposition reuse"},
        {"erase", "DRIVE...", "erase, verify and certify", std::string(cli::erase_text),
         erase_options(),
         "quietus erase /dev/sdb --classification OFFICIAL --disposition reuse --confirm "
         "K7QX-3MPD"},
        {"resume", "JOB", "go on with an interrupted job", std::string(cli::resume_text),
         resume_options(), "quietus resume QTS-BENCH7-00000042"},
        {"certify",
         "JOB",
         "issue the document of a job that has none yet",
         std::string(cli::certify_text),
         {{"--certificates", "", "DIR", "where documents are saved (default STATE/certificates)"}},
         "quietus certify QTS-BENCH7-00000042"},
        {"status",
         "",
         "show every job, and bring to its end what a crash left",
         std::string(cli::status_text),
         {{"--certificates", "", "DIR", "where documents are saved (default STATE/certificates)"}},
         "quietus status --json"},
        {"destroy", "[DRIVE]", "state that a drive was physically destroyed, by two persons",
         std::string(cli::destroy_text), destroy_options(),
         "quietus destroy --serial EX1234567 --medium ssd-sata --method disintegrate-6 --equipment "
         "'Example 6' --classification OFFICIAL --operator alice --witness bob"},
        {"sign", "DOCUMENT", "add a person's signature to a document that names them",
         std::string(cli::sign_text), sign_options(),
         "quietus sign QTS-BENCH7-00000042.qdc.json --key alice.key --certificate alice.pem "
         "--trust root.pem"},
        {"validate", "CERTIFICATE", "accept or reject what a certificate proves, as its validator",
         std::string(cli::validate_text), validate_options(),
         "quietus validate QTS-BENCH7-00000042.qdc.json --decision accepted --key vera.key "
         "--certificate vera.pem --trust root.pem"},
        {"recover",
         "DRIVE",
         "undo what an interrupted erasure by a drive's firmware left behind",
         std::string(cli::recover_text),
         {{"--override", "", "NAME", "set one interlock aside, where that is allowed", true}},
         "quietus recover /dev/sdb"},
        {"recheck", "DRIVE", "compare a drive with its certificate once more",
         std::string(cli::recheck_text), recheck_options(),
         "quietus recheck /dev/sdb --certificate QTS-BENCH7-00000042.qdc.json --trust root.pem"}};
}

// In the order of the manual.
std::vector<Verb> verbs() {
    std::vector<Verb> all = erasing_verbs();
    for (const auto& more : {key_verbs(), policy_verbs(), register_verbs()})
        all.insert(all.end(), more.begin(), more.end());
    all.push_back({"selftest",
                   "",
                   "known-answer tests, and an erase of a scratch image",
                   std::string(cli::selftest_text),
                   {},
                   "quietus selftest"});
    return all;
}

} // namespace

const Program& quietus_program() {
    static const Program program{"quietus",
                                 "erase storage drives and prove it",
                                 std::string(cli::program_text),
                                 common_options(),
                                 verbs(),
                                 cli::manual_sections()};
    return program;
}

} // namespace quietus
