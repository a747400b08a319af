// What this process and a member of its crew say to each other about a document.
#pragma once

#include "quietus/certificate/check.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace quietus::audit {

/// A question: its parts, each behind its length in four octets, least significant first.
[[nodiscard]] std::string question_of(const DocumentFiles& files);
/// How many parts a question has; and the document again.
inline constexpr std::size_t question_parts = 8;
[[nodiscard]] DocumentFiles document_of(std::vector<std::string> parts);
/// The length that four octets give.
[[nodiscard]] std::uint32_t length_of(std::string_view octets);

/// An answer: one line of JSON, which is read as strictly as any stranger's, since who wrote it has
/// looked into a stranger's document. Fault::invalid.
[[nodiscard]] std::string answer_of(const DocumentReport& report);
[[nodiscard]] Result<DocumentReport> report_of(std::string_view answer);

/// The largest answer that is listened to, in bytes.
inline constexpr std::size_t answer_limit = std::size_t{32} << 20U;

} // namespace quietus::audit
