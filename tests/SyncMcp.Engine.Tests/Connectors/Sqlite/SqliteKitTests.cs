using SyncMcp.Engine.Tests.Connectors.Kit;

namespace SyncMcp.Engine.Tests.Connectors.Sqlite;

public sealed class SqliteAsDestinationTests : DestinationKit
{
    protected override Task<KitPlace> OpenAsync(Lab lab) => Task.FromResult<KitPlace>(new SqlitePlace(lab, lab.Destination));
}

public sealed class SqliteAsSourceTests : SourceKit
{
    protected override Task<KitPlace> OpenAsync(Lab lab) => Task.FromResult<KitPlace>(new SqlitePlace(lab, lab.Source));
}
