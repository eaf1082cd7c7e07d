using SyncMcp.Engine.Tests.Connectors.Kit;

namespace SyncMcp.Engine.Tests.Connectors.PostgreSql;

public sealed class PostgreSqlAsDestinationTests : DestinationKit
{
    protected override Task<KitPlace> OpenAsync(Lab lab) => PostgreSqlPlace.OpenAsync(lab);
}

public sealed class PostgreSqlAsSourceTests : SourceKit
{
    protected override Task<KitPlace> OpenAsync(Lab lab) => PostgreSqlPlace.OpenAsync(lab);
}
