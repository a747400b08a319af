#include "quietus/app/configuration.hpp"

namespace quietus {

const std::vector<ConfigurationKey>& configuration_keys() {
    using Form = ConfiguredForm;
    constexpr auto locked_station = ConfiguredBy::locked_station;
    static const std::vector<ConfigurationKey> keys{
        {"station", "id", "--station", Form::station_id,
         "what key init and key request call the station: 4 to 13 of A-Z and 0-9", "\"BENCH7\""},
        {"station", "locked", "", Form::flag,
         "whether this file decides alone, see LOCKED STATION (false when it is not given)",
         "true"},
        {"station", "organisation", "--organisation", Form::text, "whose drives it erases",
         "\"Example Department\""},
        {"station", "contractor", "--contractor", Form::text, "who works on their behalf",
         "\"Example Recycling Ltd\""},
        {"station", "site", "--site", Form::text, "where it stands", "\"Bootle, room 12\""},
        {"station", "country", "--country", Form::text, "in which country", "\"GB\""},
        {"station", "roots", "--trust", Form::files,
         "roots and revocation lists by which sign, validate and recheck check documents",
         "[\"/etc/quietus/roots/department.pem\"]"},
        {"people", "operator", "--operator", Form::text, "who erases", "\"alice\""},
        {"people", "witness", "--witness", Form::text, "who watches", "\"bob\""},
        {"people", "authority", "--authority", Form::text, "on whose authority",
         "\"SIRO, Example Department\""},
        {"people", "key", "--key", Form::file,
         "the operator's private key, which signs the plans of erase",
         "\"/media/alice/person.key\""},
        {"directories", "state", "--state", Form::directory,
         "where keys, log, jobs and plans are kept", "\"/var/lib/quietus\""},
        {"directories", "certificates", "--certificates", Form::directory,
         "where documents are saved", "\"/srv/quietus/certificates\""},
        {"directories", "trust", "--trust", Form::directory,
         "where profiles and the roots of those who sign them are", "\"/etc/quietus/trust\""},
        {"log", "file", "--log", Form::file, "where a line for every event is appended",
         "\"/var/log/quietus.log\""},
        {"log", "journal", "", Form::flag,
         "whether every event goes to the system journal too, with the fields QUIETUS_EVENT, "
         "QUIETUS_JOB, QUIETUS_DRIVE and QUIETUS_SERIAL (when it is not given: in a service, whose "
         "standard error is the journal)",
         "true"},
        {"defaults", "policy", "--policy", Form::name, "the profile to judge by",
         "\"uk-official\""},
        {"defaults", "classification", "--classification", Form::name,
         "the highest that the drives held; a locked station's alone", "\"OFFICIAL\"",
         locked_station},
        {"defaults", "disposition", "--disposition", Form::disposition,
         "where the drives go; a locked station's alone", "\"reuse\"", locked_station},
        {"defaults", "destination", "--destination", Form::name,
         "the highest that is handled there; a locked station's alone", "\"OFFICIAL\"",
         locked_station},
        {"defaults", "scheme", "--scheme", Form::scheme,
         "overwrite pattern where --technique is given; policy chooses its own",
         "\"generic.random\""},
        {"defaults", "verification", "--verification", Form::verification,
         "full, sample:PERCENT or none: may strengthen what is asked, never weaken it", "\"full\""},
        {"defaults", "marking", "--marking", Form::text, "the marking of documents",
         "\"OFFICIAL-SENSITIVE\""},
        {"defaults", "reference", "--reference", Form::texts, "references on every document",
         "[\"contract 42\"]"},
        {"defaults", "jobs", "--jobs", Form::jobs, "erase so many drives at once", "16"},
        {"defaults", "limit-rate", "--limit-rate", Form::rate,
         "bytes a second that no drive exceeds; k, M and G are powers of ten", "\"200M\""},
        {"defaults", "minimum-rate", "--minimum-rate", Form::rate,
         "give a drive up that is slower over a minute", "\"1M\""},
        {"defaults", "stall-limit", "--stall-limit", Form::seconds,
         "give a drive up that has not answered for so many seconds", "600"},
        {"temperature", "pause", "", Form::celsius,
         "degrees Celsius above which nothing new is asked of a drive until it has cooled down",
         "60"},
        {"temperature", "resume", "", Form::celsius,
         "degrees Celsius below which it goes on; needed where pause is", "50"}};
    return keys;
}

} // namespace quietus
