# One row per module.
sc_module(virt)
target_link_libraries(sc_module_virt PRIVATE PkgConfig::VIRT)
sc_module(pki system/modules/pki_facts.c system/modules/pki_make.c system/modules/pki_request.c system/modules/pki_subject.c)
target_link_libraries(sc_module_pki PRIVATE PkgConfig::OPENSSL)
sc_module(sasl system/modules/sasl_db.c system/modules/sasl_server.c system/os/helper.c system/os/tempdir.c system/os/file.c system/os/file_root.c)
target_link_libraries(sc_module_sasl PRIVATE PkgConfig::SASL ${CMAKE_DL_LIBS})
sc_module(pam system/os/helper.c)
target_link_libraries(sc_module_pam PRIVATE ${PAM_LIBRARY} ${CMAKE_DL_LIBS})
