#include "storage/store/planner_notes.h"

#include "storage/store/archive_rewrite.h"
#include "storage/store/machine_rates.h"
#include "storage/store/size_estimator.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

TensorId IdOf(std::uint8_t first) {
  TensorId id;
  id.bytes.fill(first);
  return id;
}

std::vector<std::byte> SomeBytes(std::size_t count) {
  return std::vector<std::byte>(count, std::byte{7});
}

TEST(PlannerNotes, ComeBackAsTheyWere) {
  PlannerNotes notes;
  EXPECT_TRUE(notes.KeepSample(IdOf(1), SomeBytes(100)));
  EXPECT_TRUE(notes.KeepSample(IdOf(1), SomeBytes(50)));
  notes.KeepSize(KeyOfForm(IdOf(1), std::nullopt), {12});
  notes.KeepSize(KeyOfForm(IdOf(1), IdOf(2)), {5, 0.5F, 0.25F});
  notes.KeepEstimate(KeyOfForm(IdOf(2), IdOf(1)), 7.5F);
  const std::vector<std::uint64_t> marks = {3, 4, 3}, later = {5};
  notes.Settle(later);
  notes.Settle(marks);
  auto again = PlannerNotes::Decode(notes.Encode());
  ASSERT_TRUE(again.ok()) << again.error().message;
  ASSERT_TRUE(again->Sample(IdOf(1)).has_value());
  EXPECT_EQ(again->Sample(IdOf(1))->size(), 50U);
  EXPECT_FALSE(again->Sample(IdOf(2)).has_value());
  EXPECT_EQ(again->Size(KeyOfForm(IdOf(1), std::nullopt)), FormSize{12});
  EXPECT_EQ(again->Size(KeyOfForm(IdOf(1), IdOf(2))), (FormSize{5, 0.5F, 0.25F}));
  EXPECT_FALSE(again->Size(KeyOfForm(IdOf(3), std::nullopt)).has_value());
  EXPECT_EQ(again->Estimate(KeyOfForm(IdOf(2), IdOf(1))), 7.5F);
  EXPECT_FALSE(again->Estimate(KeyOfForm(IdOf(1), IdOf(2))).has_value());
  EXPECT_TRUE(again->IsSettled(3) && again->IsSettled(4));
  EXPECT_FALSE(again->IsSettled(5)) << "of the archive before";
  again->ForgetFindings();
  EXPECT_FALSE(again->Sample(IdOf(1)) || again->Size(KeyOfForm(IdOf(1), std::nullopt)) ||
               again->Estimate(KeyOfForm(IdOf(2), IdOf(1))));
  EXPECT_TRUE(again->IsSettled(4)) << "a plan of everything changes nothing";
}

TEST(PlannerNotes, AnyDamageIsSeen) {
  PlannerNotes notes;
  notes.KeepSample(IdOf(1), SomeBytes(20));
  notes.KeepSize(KeyOfForm(IdOf(1), IdOf(2)), {5, 0.5F, 0.25F});
  notes.KeepEstimate(KeyOfForm(IdOf(1), IdOf(2)), 5);
  notes.Settle(std::vector<std::uint64_t>{8});
  const std::vector<std::byte> whole = notes.Encode();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::vector<std::byte> damaged = whole;
    damaged[i] ^= std::byte{16};
    EXPECT_FALSE(PlannerNotes::Decode(damaged).ok()) << i;
    EXPECT_FALSE(PlannerNotes::Decode(std::span(whole).first(i)).ok()) << i;
  }
}

TEST(PlannerNotes, AreBounded) {
  PlannerNotes notes;
  EXPECT_FALSE(notes.KeepSample(IdOf(1), SomeBytes(100'000)));
  EXPECT_FALSE(notes.Sample(IdOf(1)).has_value());
}

class KeptNotes : public SmallRepositoryTest {
 protected:
  std::uint64_t Planned(const PlannerSettings& settings) {
    const std::uint64_t before = store_->tensors().fetched_bytes();
    const auto plan = PlanArchive(*store_, "", settings, {.threads = 1});
    EXPECT_TRUE(plan.ok());
    return store_->tensors().fetched_bytes() - before;
  }
};

TEST_F(KeptNotes, SecondPlansReadOnlyWhatIsNew) {
  PlannerSettings settings;
  settings.rates.emplace();
  const std::uint64_t first = Planned(settings);
  EXPECT_GT(first, 0U);
  EXPECT_EQ(Planned(settings), 0U);
  testing::SmallNet net(1, 80);
  net.Train(2);
  net.Train(3);
  ASSERT_TRUE(testing::CommitNet(*store_, "m", net).ok());
  EXPECT_GT(Planned(settings), 0U);
  EXPECT_EQ(Planned(settings), 0U);
  disk_.Corrupt("/repo/.dlv/plan", 100);
  EXPECT_GT(Planned(settings), 0U);
  settings.full = true;
  EXPECT_GT(Planned(settings), 0U);
}

// The kept answer is told from the right one by being wrong.
TEST_F(KeptNotes, PairsAreEstimatedOnce) {
  const auto versions = store_->Read([](const catalog::Catalog& c) { return c.ListVersions(); });
  const auto forms = StoredForms::Load(*store_);
  ASSERT_TRUE(versions.ok() && forms.ok());
  PlannerNotes notes;
  auto input = CollectPlanTensors(*store_, *forms, *versions, notes, {.threads = 1});
  ASSERT_TRUE(input.ok());
  const auto found = input->search.Find();
  ASSERT_FALSE(found.empty());
  SizeEstimator estimator(*input, notes);
  const std::uint32_t tensor = estimator.TensorOf(found[0].tensor);
  const std::uint32_t base = estimator.TensorOf(found[0].base);
  const double estimated = estimator.Bytes(tensor, base);
  EXPECT_NEAR(estimated, found[0].estimated_bytes, 1e-6 * estimated);
  const FormKey key =
      KeyOfForm(input->tensors[tensor].handle->id(), input->tensors[base].handle->id());
  EXPECT_EQ(notes.Estimate(key), static_cast<float>(estimated));
  PlannerNotes wrong;
  wrong.KeepEstimate(key, 3);
  EXPECT_EQ(SizeEstimator(*input, wrong).BytesInSearch(found[0].tensor, found[0].base), 3);
  EXPECT_EQ(SizeEstimator(*input, notes).Bytes(tensor, base), estimated);
}

// Measuring is slow without optimisation: done twice here.
TEST_F(KeptNotes, RatesAreMeasuredOnce) {
  const std::string path = "/repo/.dlv/rates";
  testing::PutFile(disk_, path, "rubbish");
  const auto first = RatesOfMachine(*store_, 1, false);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->machine, MachineName(1));
  const auto text = disk_.Content(path);
  const auto second = RatesOfMachine(*store_, 1, false);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->seconds_per_byte, first->seconds_per_byte);
  EXPECT_EQ(disk_.Content(path), text);
  auto other = *first;  // of another machine: not taken
  other.machine = "abacus";
  other.seconds_per_byte.fill(5e-6);
  testing::PutFile(disk_, path, plan::ToText(other));
  const auto kept = disk_.Content(path);
  const auto reader = OpenReader();
  const auto third = RatesOfMachine(*reader, 1, false);
  ASSERT_TRUE(third.ok());
  EXPECT_NE(third->seconds_per_byte, other.seconds_per_byte);
  EXPECT_EQ(disk_.Content(path), kept) << "opened for reading only";
}

}  // namespace
}  // namespace dlv::store
