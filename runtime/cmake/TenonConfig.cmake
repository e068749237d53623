# find_package(Tenon) defines
#   Tenon::runtime         libtenon_rt.so and tenon/tenon.h
#   Tenon::runtime_static  libtenon_rt.a, with what it needs of the system
#   Tenon::data            libtenon_data.so: reading data and the training loop, used by `tenon`
#   Tenon::compiler        the program tenonc, if it is installed here
#   tenon_add_model()      a model as a library of your project: see TenonAddModel.cmake
get_filename_component(tenon_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

# A project may ask for the package in several of its folders.
if(NOT TARGET Tenon::runtime)
  add_library(Tenon::runtime SHARED IMPORTED)
  set_target_properties(Tenon::runtime PROPERTIES
    IMPORTED_LOCATION ${tenon_prefix}/lib/libtenon_rt.so
    INTERFACE_INCLUDE_DIRECTORIES ${tenon_prefix}/include)

  add_library(Tenon::runtime_static STATIC IMPORTED)
  set_target_properties(Tenon::runtime_static PROPERTIES
    IMPORTED_LOCATION ${tenon_prefix}/lib/libtenon_rt.a
    INTERFACE_INCLUDE_DIRECTORIES ${tenon_prefix}/include
    INTERFACE_LINK_LIBRARIES "stdc++;pthread;m")

  add_library(Tenon::data SHARED IMPORTED)
  set_target_properties(Tenon::data PROPERTIES
    IMPORTED_LOCATION ${tenon_prefix}/lib/libtenon_data.so
    INTERFACE_LINK_LIBRARIES Tenon::runtime)

  if(EXISTS ${tenon_prefix}/bin/tenonc)
    add_executable(Tenon::compiler IMPORTED)
    set_target_properties(Tenon::compiler PROPERTIES IMPORTED_LOCATION ${tenon_prefix}/bin/tenonc)
  endif()
endif()
unset(tenon_prefix)

include(${CMAKE_CURRENT_LIST_DIR}/TenonAddModel.cmake)
