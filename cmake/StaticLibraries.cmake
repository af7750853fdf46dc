# Looking up the symbols of shared C++ libraries was half of what a small command took to start. So the program gets ANTLR, protobuf, RE2
# and the compiler's own library as static ones, where all of them are installed; tests, the Python package and programs of others get
# the shared ones.
option(DLV_STATIC_CXX "Link the program with static C++ libraries where they are installed" ON)

find_library(DLV_STATIC_ANTLR libantlr4-runtime.a)
find_library(DLV_STATIC_PROTOBUF libprotobuf-lite.a)
find_library(DLV_STATIC_RE2 libre2.a)
mark_as_advanced(DLV_STATIC_ANTLR DLV_STATIC_PROTOBUF DLV_STATIC_RE2)
set(dlv_static_cxx OFF)
if(DLV_STATIC_CXX AND DLV_STATIC_ANTLR AND DLV_STATIC_PROTOBUF AND DLV_STATIC_RE2 AND NOT DLV_SANITIZE)
  set(dlv_static_cxx ON)
endif()

# dlv_link_cxx(TARGET SCOPE SHARED STATIC INSTALLED): TARGET links SHARED, or STATIC in what dlv_make_static was called for. INSTALLED is
# how the CMake package calls it.
function(dlv_link_cxx target scope shared static installed)
  if(dlv_static_cxx)
    set(shared "$<IF:$<BOOL:$<TARGET_PROPERTY:DLV_STATIC>>,${static},${shared}>")
  endif()
  target_link_libraries(${target} ${scope} "$<BUILD_INTERFACE:${shared}>" "$<INSTALL_INTERFACE:${installed}>")
endfunction()

function(dlv_make_static target)
  if(dlv_static_cxx)
    set_target_properties(${target} PROPERTIES DLV_STATIC ON)
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc)
  endif()
endfunction()
