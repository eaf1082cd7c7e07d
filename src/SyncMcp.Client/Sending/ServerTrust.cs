using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SyncMcp.Client.Sending;

/// <summary>Whether a server is the one that was meant: by the system's certificates, or by those of one file.</summary>
/// <param name="caFile">PEM file that vouches instead of the system; null for the system.</param>
public sealed class ServerTrust(string? caFile)
{
    /// <summary>The callback of a TLS connection.</summary>
    /// <exception cref="CertificateRefusedException">Not that server; says why, since a bare refusal helps nobody.</exception>
    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            throw new CertificateRefusedException("the server shows no certificate");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            throw new CertificateRefusedException("the server's certificate is for another name");
        if (caFile is not null)
            return AcceptsByFile(certificate, chain, caFile);
        return errors == SslPolicyErrors.None ? true : throw new CertificateRefusedException(Why(chain));
    }

    private static bool AcceptsByFile(X509Certificate certificate, X509Chain? given, string file)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // as .NET does where nobody asks; a company's CA has seldom a list that is reached from here
        chain.ChainPolicy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.1")); // it must be for servers
        try
        {
            chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CertificateRefusedException($"the CA file {file} cannot be read as PEM", e);
        }

        if (chain.ChainPolicy.CustomTrustStore.Count == 0)
            throw new CertificateRefusedException($"the CA file {file} holds no certificate in PEM form");
        // What the server sent along: the way from its own certificate to the CA.
        foreach (var link in given?.ChainElements.Skip(1) ?? [])
            chain.ChainPolicy.ExtraStore.Add(link.Certificate);
        return chain.Build(certificate as X509Certificate2 ?? new X509Certificate2(certificate)) ? true : throw new CertificateRefusedException(Why(chain));
    }

    private static string Why(X509Chain? chain)
    {
        var found = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status) ?? X509ChainStatusFlags.NoError;
        return found.HasFlag(X509ChainStatusFlags.NotTimeValid) ? "the server's certificate has expired, or is not valid yet"
            : found.HasFlag(X509ChainStatusFlags.Revoked) ? "the server's certificate was revoked"
            : (found & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != X509ChainStatusFlags.NoError
                ? "nobody who is trusted here vouches for the server's certificate; where a company's own CA does, name its file (SYNCMCP_CA_FILE)"
            : $"the server's certificate is refused: {found}";
    }
}

/// <summary>A server's certificate was not taken. The message says why, in our words.</summary>
/// <param name="message">Why.</param>
/// <param name="inner">What led to it.</param>
public sealed class CertificateRefusedException(string message, Exception? inner = null) : AuthenticationException(message, inner);
