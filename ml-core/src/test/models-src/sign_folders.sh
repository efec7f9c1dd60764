#!/bin/sh
# Signs small folders with the Python tool model-signing, for the tests of signatures. Needs openssl and
#   pip install model-signing==1.1.1 pyopenssl
# Keys and certificates are made anew each time, are for tests only, protect nothing, and the private ones are thrown away.
#   sh sign_folders.sh TARGET        (TARGET is ../resources/signed)
set -eu
target=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$target"
mkdir -p "$target/keys"

folder() { # a plain model folder
    mkdir -p "$1/sub"
    printf 'not a model, but signed like one\n' > "$1/model.bin"
    printf '{"a": 1}\n' > "$1/sub/config.json"
}

# Keys on the three curves; the last also signs a folder that somebody has changed afterwards.
for curve in prime256v1:p256 secp384r1:p384 secp521r1:p521; do
    name=${curve#*:}
    openssl ecparam -name "${curve%:*}" -genkey -noout -out "$work/$name.pem"
    openssl ec -in "$work/$name.pem" -pubout -out "$target/keys/$name.pub" 2> /dev/null
    folder "$target/key-$name"
    model_signing sign key "$target/key-$name" --private_key "$work/$name.pem" --signature "$target/key-$name/model.sig"
done

# A chain of root, intermediate and leaf; a leaf that may not sign; a root that nobody asked for.
certificate() { # name, issuer or -, extensions
    openssl ecparam -name prime256v1 -genkey -noout -out "$work/$1.key"
    openssl req -new -key "$work/$1.key" -subj "/CN=Plimsoll test $1" -out "$work/$1.csr"
    printf '%s\n' "$3" > "$work/$1.ext"
    if [ "$2" = - ]; then
        openssl x509 -req -in "$work/$1.csr" -signkey "$work/$1.key" -days 36500 -extfile "$work/$1.ext" -out "$work/$1.crt"
    else
        openssl x509 -req -in "$work/$1.csr" -CA "$work/$2.crt" -CAkey "$work/$2.key" -CAcreateserial -days 36500 \
            -extfile "$work/$1.ext" -out "$work/$1.crt"
    fi 2> /dev/null
}
ca='basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign'
certificate root - "$ca"
certificate other-root - "$ca"
certificate intermediate root "$ca"
certificate leaf intermediate 'basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,codeSigning'
certificate no-signing-leaf intermediate 'basicConstraints=critical,CA:FALSE
keyUsage=critical,keyEncipherment'
cp "$work/root.crt" "$work/other-root.crt" "$target/keys/"
for name in leaf no-signing-leaf; do
    folder "$target/certificate-$name"
    model_signing sign certificate "$target/certificate-$name" --private_key "$work/$name.key" \
        --signing_certificate "$work/$name.crt" --certificate_chain "$work/intermediate.crt" \
        --signature "$target/certificate-$name/model.sig"
done

# A model package.
cp -r "$(dirname "$target")/packages/churn-1.0" "$target/package-p256"
model_signing sign key "$target/package-p256" --private_key "$work/p256.pem" --signature "$target/package-p256/model.sig"
