module quietus/interop/certificate

go 1.19
