# embed_text: a text file as a string constant of the program.
# cmake -DINPUT=schemes.toml -DNAME=schemes_toml -DHEADER=embedded.hpp -DOUTPUT=schemes.cpp -P embed_text.cmake
file(READ "${INPUT}" rest)
get_filename_component(source "${INPUT}" NAME)
set(literals "")
# Compilers need not take literals over 64 KiB; neighbours are joined by the language.
set(chunk_bytes 8192)
string(LENGTH "${rest}" length)
while(length GREATER 0)
  string(SUBSTRING "${rest}" 0 ${chunk_bytes} chunk)
  string(APPEND literals "\n    R\"text(${chunk})text\"")
  if(length LESS_EQUAL chunk_bytes)
    break()
  endif()
  string(SUBSTRING "${rest}" ${chunk_bytes} -1 rest)
  string(LENGTH "${rest}" length)
endwhile()
file(WRITE "${OUTPUT}" "// Generated from ${source}.
#include \"${HEADER}\"

namespace quietus {
const std::string_view ${NAME} =${literals};
} // namespace quietus
")
