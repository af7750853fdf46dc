# `cmake --install` puts the program, the public headers, the libraries, a CMake package and a pkg-config file.
include(CMakePackageConfigHelpers)

set(dlv_layers dlv_public dlv_io dlv_codec dlv_plan dlv_statistics dlv_catalog dlv_archive dlv_interchange dlv_dataset dlv_store dlv_requirement dlv_network dlv_kernels dlv_infer dlv_evaluation dlv_progressive dlv_bounds dlv_grammar dlv_query dlv_api)
install(TARGETS ${dlv_layers} EXPORT dlvTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET dlv)
  install(TARGETS dlv RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/dlv DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/dlv)
install(EXPORT dlvTargets NAMESPACE dlv:: DESTINATION ${package_dir})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/dlvConfig.cmake.in ${CMAKE_BINARY_DIR}/dlvConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/dlvConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/dlvConfig.cmake ${CMAKE_BINARY_DIR}/dlvConfigVersion.cmake DESTINATION ${package_dir})

# The prefix is said relative to the file, so that `cmake --install --prefix` may choose another one.
file(RELATIVE_PATH path_to_prefix /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(${CMAKE_CURRENT_LIST_DIR}/dlv.pc.in ${CMAKE_BINARY_DIR}/dlv.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/dlv.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
