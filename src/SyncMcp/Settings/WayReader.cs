using System.Net;
using SyncMcp.Client;
using SyncMcp.Redaction;

namespace SyncMcp.Settings;

/// <summary>Reads how the server is reached: environment, then the operator's file.</summary>
internal static class WayReader
{
    /// <summary>The variables that are read.</summary>
    public static readonly string[] Variables = ["SYNCMCP_CA_FILE", "SYNCMCP_PROXY", "SYNCMCP_AUTH"];

    /// <summary>Reads it for a server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="storedToken">The token is the one of the operator's file.</param>
    /// <param name="surroundings">Environment and the operator's folder.</param>
    /// <param name="profile">The server of the operator's file that is meant.</param>
    /// <exception cref="SettingException">Something cannot be used.</exception>
    public static Way Read(Uri? server, bool storedToken, Surroundings surroundings, ChosenProfile profile)
    {
        if (server is null)
            return Way.Plain; // the embedded engine is reached by its socket
        var (file, path) = (profile.Server, profile.Path);
        Setting From(string variable, string member, string? value) => Setting.First((variable, surroundings.Variable(variable)), (profile.Place(member), value));

        var caFile = From("SYNCMCP_CA_FILE", "ca_file", file.CaFile);
        var proxy = From("SYNCMCP_PROXY", "proxy", file.Proxy);
        // Whoever may set this process's environment (a cloned repository's client settings) must not get the operator's token by standing in the way.
        if (storedToken && caFile.Name == "SYNCMCP_CA_FILE" && caFile.Value is not null && caFile.Value != file.CaFile)
            throw new SettingException($"SYNCMCP_CA_FILE cannot say whom to trust with the token of {path}: write ca_file beside it there, or give the token by SYNCMCP_TOKEN too.");
        var open = storedToken && server.Scheme == Uri.UriSchemeHttp;
        if (open && proxy.Name == "SYNCMCP_PROXY" && proxy.Value is not null && proxy.Value != file.Proxy)
            throw new SettingException($"SYNCMCP_PROXY would see the token of {path}, since the server is reached by http: write proxy beside it there, or give the token by SYNCMCP_TOKEN too.");

        var (use, through) = proxy.Read(Values.Proxy) is { } chosen ? (chosen.Address is not null, chosen.Address is null ? null : chosen) : (!open, null);
        if (through?.Credentials is NetworkCredential credential)
            Redactor.Hold(credential.Password);
        return new()
        {
            CaFile = caFile.Read(Values.ExistingFile),
            UseProxy = use,
            Proxy = through,
            Auth = From("SYNCMCP_AUTH", "auth", file.Auth).ReadValue(Values.Auth) ?? TokenPlace.Header,
            Routes = RouteFile.Read(surroundings.OperatorFolder, server),
        };
    }
}
