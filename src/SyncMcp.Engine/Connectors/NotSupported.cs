namespace SyncMcp.Engine.Connectors;

/// <summary>What a connector cannot do and a job asks for.</summary>
internal static class NotSupported
{
    public static ReplicationException By(string connector, string what) => new("not_supported", $"{connector} {what}.");
}
